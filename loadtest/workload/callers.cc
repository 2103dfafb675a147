#include "loadtest/workload/callers.h"

#include <sys/prctl.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"

namespace rcukv::loadtest {
namespace {

using Clock = Arrivals::Clock;

// Between two looks at whether to stop.
constexpr Clock::duration kLongestSleep = std::chrono::milliseconds(50);

uint64_t Nanoseconds(Clock::duration duration) {
  return static_cast<uint64_t>(
      std::max<int64_t>(0, std::chrono::nanoseconds(duration).count()));
}

}  // namespace

Callers::Callers(size_t count, const std::vector<Caller>& kinds, Schedule& schedule,
                 Recorder& recorder, Tally& tally)
    : schedule_(schedule), recorder_(recorder), tally_(tally) {
  threads_.reserve(count);
  while (threads_.size() < count && Start(kinds[threads_.size() % kinds.size()])) {
  }
  if (threads_.size() == count) return;
  Fail(absl::FailedPreconditionError(absl::StrFormat(
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

void Callers::Fail(const absl::Status& status) {
  schedule_.EndAt(Clock::now());
  tally_.Fail(status);
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

bool Callers::Await(Clock::time_point due) const {
  for (Clock::time_point now = Clock::now(); now < due; now = Clock::now()) {
    if (stopping()) return false;
    std::this_thread::sleep_for(std::min(due - now, kLongestSleep));
  }
  return true;
}

void Callers::Run(size_t number, const Caller& caller) {
  // The kernel may wake a sleeper 50 us late to save wake-ups: not here.
  prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
  while (!stopping()) {
    const std::optional<Turn> turn = schedule_.Take();
    if (!turn.has_value()) return;
    if (turn->due.has_value() && !Await(*turn->due)) return;
    const Clock::time_point due = turn->due.value_or(Clock::now());
    const absl::StatusOr<CallTimes> times = caller.Do(turn->operation);
    if (!times.ok()) {
      recorder_.RecordUnanswered(number, Nanoseconds(Clock::now() - due));
      return Fail(times.status());
    }
    const uint64_t from_send = Nanoseconds(times->answered - times->sent);
    const uint64_t late =
        turn->due.has_value() ? Nanoseconds(times->sent - *turn->due) : 0;
    recorder_.Record(number, turn->operation.kind,
                     {.from_send = from_send, .from_due = from_send + late});
  }
}

}  // namespace rcukv::loadtest
