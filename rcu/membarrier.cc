#include "rcu/membarrier.h"

#include <linux/membarrier.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

#include "absl/strings/str_format.h"
#include "rcu/budget.h"
#include "rcu/clock.h"
#include "rcu/fence.h"
#include "rcu/lazy.h"
#include "rcu/mutant.h"
#include "rcu/shared_fence.h"

namespace rcu {
namespace {

constexpr uint64_t kDefaultBudget = 1000;

constexpr std::array kModes = {
    MembarrierMode::kExpedited,
    MembarrierMode::kNonExpedited,
    MembarrierMode::kGlobalExpedited,
    MembarrierMode::kAdaptive,
};

// 0 or an errno.
int Membarrier(int command) {
  return syscall(SYS_membarrier, command, 0, 0) == 0 ? 0 : errno;
}

// A command that makes threads execute barriers, with all that belongs to it.
class Command {
 public:
  // `registration` is the command by which a process asks for this one; 0 where it need
  // not.
  Command(int command, int registration)
      : command_(command), registration_(registration) {}

  // 0, or an errno where the kernel refuses. Without it a call may succeed and do
  // nothing.
  int Register() {
    // relaxed: registering twice does no harm.
    if (registration_ == 0 || registered_.load(std::memory_order_relaxed)) return 0;
    if (Mutated(Mutant::kMembarrierUnregistered)) return 0;
    const int error = Membarrier(registration_);
    if (error == 0) registered_.store(true, std::memory_order_relaxed);
    return error;
  }

  // 0, or an errno where the kernel refuses.
  int Call() {
    if (const int error = Register(); error != 0) return error;
    const int error = Membarrier(command_);
    // relaxed: a figure.
    if (error == 0) calls_.fetch_add(1, std::memory_order_relaxed);
    return error;
  }

  SharedFence& shared() { return shared_; }

  // relaxed: a figure.
  uint64_t calls() const { return calls_.load(std::memory_order_relaxed); }

  void AfterForkInChild() {
    // relaxed: there is no other thread.
    registered_.store(false, std::memory_order_relaxed);
    shared_.AfterForkInChild();
  }

 private:
  const int command_;
  const int registration_;
  std::atomic<bool> registered_{false};
  std::atomic<uint64_t> calls_{0};
  // One for each command, so that a caller of a fast one never queues behind the slow.
  SharedFence shared_;
};

// Everything that the process shares.
struct Process {
  Process() {
    // Without memory for the handler a child would have no membarrier; there is no memory
    // for anything else either.
    (void)pthread_atfork(nullptr, nullptr, [] {
      Process* process = made.IfMade();
      if (process == nullptr) return;
      for (Command* command : process->all) command->AfterForkInChild();
      process->budget.AfterForkInChild();
    });
  }

  static Process& Get() { return made.Get(); }

  Command& Of(MembarrierMode mode) {
    switch (mode) {
      case MembarrierMode::kNonExpedited:
        return non_expedited;
      case MembarrierMode::kGlobalExpedited:
        return global_expedited;
      default:
        return expedited;
    }
  }

  Command expedited{MEMBARRIER_CMD_PRIVATE_EXPEDITED,
                    MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED};
  Command non_expedited{MEMBARRIER_CMD_GLOBAL, 0};
  Command global_expedited{MEMBARRIER_CMD_GLOBAL_EXPEDITED,
                           MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED};
  const std::array<Command*, 3> all = {&expedited, &non_expedited, &global_expedited};
  Budget budget{kDefaultBudget};

  static Lazy<Process> made;
};

constinit Lazy<Process> Process::made;

absl::Status Refused(std::string_view what, int error) {
  return absl::FailedPreconditionError(
      absl::StrFormat("the kernel refuses %s: %s (an old kernel, or a seccomp filter "
                      "that forbids membarrier)",
                      what, strerror(error)));
}

// One call of the kernel: of `command`, or of another one where that is refused.
void CallUntilCarriedOut(Command& command) {
  for (unsigned attempt = 0;; ++attempt) {
    const int error = command.Call();
    if (error == 0 || Mutated(Mutant::kFailedMembarrierCounts)) return;
    for (Command* other : Process::Get().all) {
      if (other != &command && other->Call() == 0) return;
    }
    if (attempt % 100 == 0) {
      fprintf(stderr,
              "rcu: membarrier fails (%s): no grace period can end until it works\n",
              strerror(error));
    }
    const timespec pause = {.tv_sec = 0, .tv_nsec = 10'000'000};
    nanosleep(&pause, nullptr);
  }
}

MembarrierMode Resolve(MembarrierMode mode, Urgency urgency) {
  if (mode != MembarrierMode::kAdaptive) return mode;
  if (urgency == Urgency::kBackground) return MembarrierMode::kNonExpedited;
  return Process::Get().budget.Take(NowNs()) ? MembarrierMode::kExpedited
                                             : MembarrierMode::kNonExpedited;
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
    case MembarrierMode::kGlobalExpedited:
      return "global-expedited";
    case MembarrierMode::kAdaptive:
      return "adaptive";
  }
  return "unknown";
}

absl::StatusOr<MembarrierMode> ParseMembarrierMode(std::string_view name) {
  std::string wanted(name);
  std::replace(wanted.begin(), wanted.end(), '_', '-');
  std::string names;
  for (MembarrierMode mode : kModes) {
    if (wanted == MembarrierModeName(mode)) return mode;
    names.append(names.empty() ? "" : ", ").append(MembarrierModeName(mode));
  }
  return absl::InvalidArgumentError(
      absl::StrFormat("no membarrier mode \"%s\"; there are %s", name, names));
}

absl::Status PrepareMembarrier() { return CheckMembarrier(MembarrierMode::kExpedited); }

absl::Status CheckMembarrier(MembarrierMode mode) {
  if (mode == MembarrierMode::kNone) return absl::OkStatus();
  if (mode == MembarrierMode::kAdaptive) {
    if (absl::Status status = CheckMembarrier(MembarrierMode::kNonExpedited);
        !status.ok()) {
      return status;
    }
    return CheckMembarrier(MembarrierMode::kExpedited);
  }
  Command& command = Process::Get().Of(mode);
  if (const int error = command.Register(); error != 0) {
    return Refused(
        absl::StrFormat("to register for %s membarriers", MembarrierModeName(mode)),
        error);
  }
  if (const int error = command.Call(); error != 0) {
    return Refused(absl::StrFormat("%s membarrier", MembarrierModeName(mode)), error);
  }
  return absl::OkStatus();
}

void HeavyFence(MembarrierMode mode, Urgency urgency) {
  if (mode == MembarrierMode::kNone) {
    FullFence();
    return;
  }
  Command& command = Process::Get().Of(Resolve(mode, urgency));
  command.shared().Run([&command] { CallUntilCarriedOut(command); });
}

void SetExpeditedBudget(uint64_t calls_per_second) {
  Process::Get().budget.SetRate(calls_per_second);
}

MembarrierCalls CountMembarrierCalls() {
  const Process& process = Process::Get();
  return {.expedited = process.expedited.calls(),
          .non_expedited = process.non_expedited.calls(),
          .global_expedited = process.global_expedited.calls()};
}

}  // namespace rcu
