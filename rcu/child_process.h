// A part of a test that runs in a child process: what it does to the process (a filter of
// system calls, a fork in the middle of things) ends with it.
#ifndef RCUKV_RCU_CHILD_PROCESS_H_
#define RCUKV_RCU_CHILD_PROCESS_H_

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <utility>

namespace rcu {

// Waits for the child to end. Returns its exit code; 128 and the signal's number if it
// ends by one.
inline int ExitCodeOf(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Runs `part` in a child, ended by a signal if it takes a minute. Returns what it
// returns; 128 and the signal's number if it ends by one.
template <class Part>
int InChildProcess(Part&& part) {
  fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    alarm(60);
    const int code = std::forward<Part>(part)();
    fflush(nullptr);
    _exit(code);
  }
  return ExitCodeOf(child);
}

// The filter holds for the calling thread and for those that it starts from now on.
template <size_t length>
bool InstallFilter(sock_filter (&program)[length]) {
  const sock_fprog filter = {.len = length, .filter = program};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

// From here on the kernel answers the system call `number` with `error`, in this thread
// and in those that it starts. Returns whether the filter was accepted.
inline bool RefuseSystemCall(int number, int error) {
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(number), 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<unsigned>(error)),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  return InstallFilter(program);
}

// From here on the kernel answers membarrier with `error`, in this process: with any
// command, or with `only_command` alone. Returns whether the filter was accepted.
inline bool RefuseMembarrier(int error, int only_command = -1) {
  const auto errno_bits = static_cast<unsigned>(error);
  const bool all = only_command < 0;
  const auto command = static_cast<unsigned>(only_command);
  // Of the first argument its low half is compared: on the little-endian machines that
  // there are.
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_membarrier, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args)),
      BPF_JUMP(BPF_JMP | (all ? BPF_JGE : BPF_JEQ) | BPF_K, all ? 0 : command, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | errno_bits),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  return InstallFilter(program);
}

}  // namespace rcu

#endif  // RCUKV_RCU_CHILD_PROCESS_H_
