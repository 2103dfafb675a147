#include "loadtest/workload/callers.h"

#include <optional>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "loadtest/workload/nanoseconds.h"

namespace rcukv::loadtest {
namespace {

using Clock = Arrivals::Clock;

}  // namespace

Callers::Callers(size_t count, const std::vector<Caller>& kinds, Schedule& schedule,
                 Recorder& recorder, Tally& tally)
    : schedule_(schedule), recorder_(recorder), tally_(tally) {
  threads_.reserve(count);
  while (threads_.size() < count && Start(kinds[threads_.size() % kinds.size()])) {
  }
  if (threads_.size() == count) return;
  tally_.Fail(absl::FailedPreconditionError(absl::StrFormat(
      "--callers=%d: the system starts no more than %d threads for them; lower it, or "
      "raise the limit (ulimit -u, or the pids of a container)",
      count, threads_.size())));
}

bool Callers::Start(const Caller& caller) {
  const size_t number = threads_.size();
  try {
    threads_.emplace_back([this, number, &caller] { Run(number, caller); });
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

Callers::~Callers() { Stop(Clock::now()); }

void Callers::Stop(Clock::time_point deadline) {
  // relaxed: a figure of its own.
  stop_at_.store(deadline.time_since_epoch().count(), std::memory_order_relaxed);
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

bool Callers::stopping() const {
  // relaxed: a figure of its own.
  return tally_.failed() || Clock::now().time_since_epoch().count() >=
                                stop_at_.load(std::memory_order_relaxed);
}

void Callers::Run(size_t number, const Caller& caller) {
  while (!stopping()) {
    const std::optional<Turn> turn = schedule_.Take();
    if (!turn.has_value()) return;
    const Clock::time_point due = Clock::now();
    const absl::StatusOr<CallTimes> times = caller.Do(turn->operation);
    if (!times.ok()) {
      recorder_.RecordUnanswered(number, Nanoseconds(Clock::now() - due));
      return tally_.Fail(times.status());
    }
    const uint64_t took = Nanoseconds(times->answered - times->sent);
    recorder_.Record(number, turn->operation.kind, {.from_send = took, .from_due = took});
  }
}

}  // namespace rcukv::loadtest
