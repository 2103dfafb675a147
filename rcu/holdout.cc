#include "rcu/holdout.h"

#include <cstdio>
#include <fstream>
#include <new>
#include <utility>

#include "absl/strings/str_format.h"
#include "rcu/clock.h"

namespace rcu {
namespace {

std::string ThreadName(pid_t tid) {
  std::ifstream file(absl::StrFormat("/proc/self/task/%d/comm", tid));
  std::string name;
  std::getline(file, name);
  return name;
}

// "41 ms", "2.0 s".
std::string Rounded(std::chrono::nanoseconds duration) {
  const double seconds = std::chrono::duration<double>(duration).count();
  return seconds < 1 ? absl::StrFormat("%.0f ms", 1000 * seconds)
                     : absl::StrFormat("%.1f s", seconds);
}

}  // namespace

std::string ToString(const Holdout& holdout) {
  const std::string waited = Rounded(holdout.waited);
  if (holdout.tid == 0) {
    return absl::StrFormat(
        "grace period of flavor %s has waited %s for a reader that is in a "
        "read-side critical section (this flavor does not know its readers)",
        holdout.flavor, waited);
  }
  return absl::StrFormat(
      "grace period of flavor %s has waited %s for thread %s (tid %d), which is %s",
      holdout.flavor, waited,
      holdout.thread_name.empty() ? "of unknown name" : holdout.thread_name, holdout.tid,
      holdout.flavor == "qsbr" ? "online and has not been quiescent"
                               : "in a read-side critical section");
}

void ReportToStderr(const Holdout& holdout) {
  fprintf(stderr, "rcu: %s\n", ToString(holdout).c_str());
}

void HoldoutLog::SetLimit(std::chrono::nanoseconds limit) {
  std::lock_guard<std::mutex> lock(mutex_);
  limit_ = limit;
}

void HoldoutLog::SetHandler(HoldoutHandler handler) {
  std::lock_guard<std::mutex> lock(mutex_);
  handler_ = handler;
}

std::chrono::nanoseconds HoldoutLog::limit() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return limit_;
}

uint64_t HoldoutLog::count() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return count_;
}

std::optional<Holdout> HoldoutLog::last() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return last_;
}

void HoldoutLog::Report(pid_t tid, std::chrono::nanoseconds waited, bool first) {
  try {
    const Holdout holdout = {.flavor = flavor_,
                             .tid = tid,
                             .thread_name = tid == 0 ? "" : ThreadName(tid),
                             .waited = waited};
    if (const HoldoutHandler handler = Keep(holdout, first)) handler(holdout);
  } catch (const std::bad_alloc&) {
    // Where memory is short, a reader that lets none be freed is the more worth a line.
    fprintf(stderr, "rcu: a grace period waits for thread %d, and memory is short\n",
            tid);
  }
}

HoldoutHandler HoldoutLog::Keep(const Holdout& holdout, bool first) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (first) ++count_;
  last_ = holdout;
  return handler_;
}

void HoldoutLog::AfterForkInChild() {
  new (&mutex_) std::mutex;
  // It may have been half written.
  new (&last_) std::optional<Holdout>;
}

void HoldoutWatch::StillWaitingFor(pid_t tid) {
  const bool first = next_report_ == std::chrono::nanoseconds(0);
  const std::chrono::nanoseconds waited(NowNs() - begin_ns_);
  if (waited < (first ? log_.limit() : next_report_)) return;
  next_report_ = 2 * waited;
  log_.Report(tid, waited, first);
}

}  // namespace rcu
