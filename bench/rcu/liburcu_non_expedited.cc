// Makes liburcu's memb flavor use MEMBARRIER_CMD_GLOBAL (which it calls SHARED), for the
// row of the table that it offers no setting for.
//
// It takes PRIVATE_EXPEDITED where the kernel says that there is such a thing, and asks
// once, before main. The linker's --wrap=syscall brings that question here, where the
// answer leaves the command out. Everything else goes to the kernel as it is.
#include <errno.h>
#include <linux/membarrier.h>
#include <stdarg.h>
#include <sys/syscall.h>

// Names that the linker gives.
extern "C" long __real_syscall(long number, ...);

extern "C" long __wrap_syscall(long number, ...) {
  va_list list;
  va_start(list, number);
  long arguments[6];
  for (long& argument : arguments) argument = va_arg(list, long);
  va_end(list);
  const long result = __real_syscall(number, arguments[0], arguments[1], arguments[2],
                                     arguments[3], arguments[4], arguments[5]);
  const bool is_question =
      number == SYS_membarrier && static_cast<int>(arguments[0]) == MEMBARRIER_CMD_QUERY;
  if (!is_question || result < 0) return result;
  return result & ~long{MEMBARRIER_CMD_PRIVATE_EXPEDITED};
}
