// Readers that hold a grace period up for longer than they should.
//
// A grace period that waits for longer than a limit is counted and reported, with the
// thread that it waits for; again whenever it has waited twice as long.
#ifndef RCUKV_RCU_HOLDOUT_H_
#define RCUKV_RCU_HOLDOUT_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace rcu {

// One report.
struct Holdout {
  // Of the domain.
  std::string_view flavor;
  // The thread that is waited for, as the kernel numbers and names it. 0 and empty where
  // the flavor does not know its readers (rseq).
  pid_t tid = 0;
  std::string thread_name;
  // How long the grace period has waited so far.
  std::chrono::nanoseconds waited{0};
};

// Called in the thread that waits; must not throw for the grace period, which may be the
// domain's own. It may ask for figures, but must not call Synchronize, Wait, Barrier or
// Retire of the domain: they could wait for the grace period that waits for them. Nor may
// it fork and return in the child, where the grace period that called it counts as not
// begun and its locks as free: another thread may run one at the same time. A child that
// ends in exec or _exit does no harm.
using HoldoutHandler = void (*)(const Holdout& holdout);

// "grace period of flavor memb has waited 2.0 s for thread serve-1 (tid 1234), which is
// in a read-side critical section".
std::string ToString(const Holdout& holdout);

// Writes ToString to stderr: the handler of a domain that was given none.
void ReportToStderr(const Holdout& holdout);

// What a domain knows of its holdouts.
//
// Thread safety: every method may be called by any thread.
class HoldoutLog {
 public:
  static constexpr std::chrono::nanoseconds kDefaultLimit = std::chrono::seconds(1);

  explicit HoldoutLog(std::string_view flavor) : flavor_(flavor) {}

  // Takes effect with the next grace period.
  void SetLimit(std::chrono::nanoseconds limit);
  // Null: report to nobody; they are counted all the same.
  void SetHandler(HoldoutHandler handler);

  std::chrono::nanoseconds limit() const;
  // Grace periods that waited for longer than the limit.
  uint64_t count() const;
  // The newest report.
  std::optional<Holdout> last() const;

  // Counts (the first time in a grace period), remembers and reports. Where there is no
  // memory for that, a line on stderr is all.
  void Report(pid_t tid, std::chrono::nanoseconds waited, bool first);

  // In the only thread of a child process.
  void AfterForkInChild();

 private:
  // Returns whom to tell.
  HoldoutHandler Keep(const Holdout& holdout, bool first);

  const std::string_view flavor_;
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::chrono::nanoseconds limit_ = kDefaultLimit;
  HoldoutHandler handler_ = &ReportToStderr;
  uint64_t count_ = 0;
  std::optional<Holdout> last_;
};

// The patience of one grace period. Not thread-safe.
class HoldoutWatch {
 public:
  // `begin_ns`: when the grace period began, by NowNs().
  HoldoutWatch(HoldoutLog& log, uint64_t begin_ns) : log_(log), begin_ns_(begin_ns) {}

  // To be called now and then while the grace period waits for `tid`; 0: not known whom.
  void StillWaitingFor(pid_t tid);

 private:
  HoldoutLog& log_;
  const uint64_t begin_ns_;
  std::chrono::nanoseconds next_report_{0};
};

}  // namespace rcu

#endif  // RCUKV_RCU_HOLDOUT_H_
