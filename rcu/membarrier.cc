#include "rcu/membarrier.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <string>

#include "absl/strings/str_format.h"
#include "rcu/fence.h"

namespace rcu {
namespace {

// 0 or an errno.
int Membarrier(int command) {
  return syscall(SYS_membarrier, command, 0, 0) == 0 ? 0 : errno;
}

int CommandOf(MembarrierMode mode) {
  return mode == MembarrierMode::kNonExpedited ? MEMBARRIER_CMD_GLOBAL
                                               : MEMBARRIER_CMD_PRIVATE_EXPEDITED;
}

absl::Status Refused(std::string_view what, int error) {
  return absl::FailedPreconditionError(
      absl::StrFormat("the kernel refuses %s: %s (an old kernel, or a seccomp filter "
                      "that forbids membarrier)",
                      what, strerror(error)));
}

// One call of the kernel in `mode`, or in the other mode where that one is refused, with
// a full barrier of the caller on each side: the kernel executes none where the process
// has a single thread or one CPU is online.
void IssueFence(MembarrierMode mode) {
  const MembarrierMode other = mode == MembarrierMode::kExpedited
                                   ? MembarrierMode::kNonExpedited
                                   : MembarrierMode::kExpedited;
  FullFence();
  for (unsigned attempt = 0;; ++attempt) {
    int error = Membarrier(CommandOf(mode));
    if (error == 0 || Membarrier(CommandOf(other)) == 0) break;
    if (attempt % 100 == 0) {
      fprintf(stderr,
              "rcu: membarrier fails (%s): no grace period can end until it works\n",
              strerror(error));
    }
    const timespec pause = {.tv_sec = 0, .tv_nsec = 10'000'000};
    nanosleep(&pause, nullptr);
  }
  FullFence();
}

// The calls of one mode, shared by all threads of the process.
//
// A caller's fence orders what it did before (an unlink, by a plain store) before its
// load of started_. If that load misses the store by the issuer of call n, then the
// caller's fence precedes the issuer's, which precedes the kernel's barriers: so every
// call numbered above what was loaded serves the caller.
class SharedFence {
 public:
  void Run(MembarrierMode mode) {
    FullFence();
    // [F1] relaxed: ordered by the fences here and in IssueFence; partner [F2].
    const uint64_t need = started_.load(std::memory_order_relaxed) + 1;
    std::lock_guard<std::mutex> lock(mutex_);
    if (completed_ >= need) return;
    const uint64_t mine = completed_ + 1;
    // [F2] relaxed: followed by the full fence at the head of IssueFence; partner [F1].
    started_.store(mine, std::memory_order_relaxed);
    IssueFence(mode);
    completed_ = mine;
  }

 private:
  std::atomic<uint64_t> started_{0};
  std::mutex mutex_;
  uint64_t completed_ = 0;  // guarded by mutex_
};

SharedFence& FenceOf(MembarrierMode mode) {
  // One for each command, so that a caller of the fast one never queues behind the slow.
  static SharedFence expedited;
  static SharedFence non_expedited;
  return mode == MembarrierMode::kNonExpedited ? non_expedited : expedited;
}

}  // namespace

std::string_view MembarrierModeName(MembarrierMode mode) {
  switch (mode) {
    case MembarrierMode::kNone:
      return "none";
    case MembarrierMode::kExpedited:
      return "expedited";
    case MembarrierMode::kNonExpedited:
      return "non-expedited";
  }
  return "unknown";
}

absl::StatusOr<MembarrierMode> ParseMembarrierMode(std::string_view name) {
  std::string wanted(name);
  std::replace(wanted.begin(), wanted.end(), '_', '-');
  for (MembarrierMode mode :
       {MembarrierMode::kExpedited, MembarrierMode::kNonExpedited}) {
    if (wanted == MembarrierModeName(mode)) return mode;
  }
  return absl::InvalidArgumentError(absl::StrFormat(
      "no membarrier mode \"%s\"; there are expedited and non-expedited", name));
}

absl::Status PrepareMembarrier() {
  static const int error = Membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
  if (error != 0) return Refused("membarrier(REGISTER_PRIVATE_EXPEDITED)", error);
  return CheckMembarrier(MembarrierMode::kExpedited);
}

absl::Status CheckMembarrier(MembarrierMode mode) {
  if (mode == MembarrierMode::kNone) return absl::OkStatus();
  const int error = Membarrier(CommandOf(mode));
  if (error == 0) return absl::OkStatus();
  return Refused(absl::StrFormat("%s membarrier", MembarrierModeName(mode)), error);
}

void HeavyFence(MembarrierMode mode) {
  if (mode == MembarrierMode::kNone) {
    FullFence();
    return;
  }
  FenceOf(mode).Run(mode);
}

}  // namespace rcu
