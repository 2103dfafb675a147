// Flavor signal where the kernel refuses to send signals, as a filter of system calls or
// a full queue does.
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "gtest/gtest.h"
#include "rcu/child_process.h"
#include "rcu/domain.h"

namespace rcu {
namespace {

constexpr int kNoFilter = 77;

// What this process writes to stderr from now on.
class CapturedStderr {
 public:
  CapturedStderr() {
    int ends[2];
    if (pipe(ends) != 0 || dup2(ends[1], STDERR_FILENO) < 0) return;
    close(ends[1]);
    read_end_ = ends[0];
  }
  ~CapturedStderr() { close(read_end_); }
  CapturedStderr(const CapturedStderr&) = delete;
  CapturedStderr& operator=(const CapturedStderr&) = delete;

  // The next line; empty where none comes for ten seconds.
  std::string NextLine() {
    std::string line;
    pollfd readable = {.fd = read_end_, .events = POLLIN, .revents = 0};
    char next = 0;
    while (next != '\n' && poll(&readable, 1, 10'000) == 1 &&
           read(read_end_, &next, 1) == 1) {
      line += next;
    }
    return line;
  }

 private:
  int read_end_ = -1;
};

struct Flag {
  void Set() { value.store(true, std::memory_order_release); }
  bool IsSet() const { return value.load(std::memory_order_acquire); }
  void Await() const {
    while (!IsSet()) std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
  std::atomic<bool> value{false};
};

// A reader that the writer may not interrupt. Its section holds a grace period up, and so
// does it itself after that, as it has executed no fence; its end does not.
int ReadWhileSignalsAreRefused() {
  if (!SignalDomain::Prepare().ok()) return 9;
  Flag inside;
  Flag end_section;
  Flag end_thread;
  pid_t tid = 0;
  std::thread reader([&] {
    tid = static_cast<pid_t>(syscall(SYS_gettid));
    SignalDomain::lock();
    inside.Set();
    end_section.Await();
    SignalDomain::unlock();
    end_thread.Await();
  });
  inside.Await();
  if (!RefuseSystemCall(SYS_tgkill, EPERM)) _exit(kNoFilter);
  CapturedStderr said;
  Flag is_over;
  std::thread writer([&is_over] {
    SignalDomain::Synchronize();
    is_over.Set();
  });

  const std::string expected = absl::StrFormat(
      "rcu: the kernel refuses to signal thread %d (%s)", tid, strerror(EPERM));
  int code = 0;
  if (!absl::StartsWith(said.NextLine(), expected)) code = 1;
  if (is_over.IsSet()) code = 2;
  end_section.Set();
  if (!absl::StartsWith(said.NextLine(), expected)) code = 3;
  if (is_over.IsSet()) code = 4;
  end_thread.Set();
  reader.join();
  writer.join();
  return code;
}

// Each in a child: what Prepare finds out first holds for the process.
TEST(SignalRefusalTest, PrepareSaysSoWhereItIsRefusedFromTheBeginning) {
  const int code = InChildProcess([] {
    if (!RefuseSystemCall(SYS_tgkill, EPERM)) return kNoFilter;
    return SignalDomain::Prepare().code() == absl::StatusCode::kFailedPrecondition ? 0
                                                                                   : 1;
  });
  if (code == kNoFilter) GTEST_SKIP() << "this system accepts no seccomp filter";
  EXPECT_EQ(code, 0);
}

TEST(SignalRefusalTest, NoGracePeriodEndsBeforeTheReaderHasExecutedAFenceOrHasLeft) {
  const int code = InChildProcess(&ReadWhileSignalsAreRefused);
  if (code == kNoFilter) GTEST_SKIP() << "this system accepts no seccomp filter";
  EXPECT_EQ(code, 0);
}

}  // namespace
}  // namespace rcu
