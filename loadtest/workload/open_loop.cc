#include "loadtest/workload/open_loop.h"

#include <sys/prctl.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <system_error>

#include "loadtest/workload/nanoseconds.h"

namespace rcukv::loadtest {
namespace {

// Between two looks at whether to stop.
constexpr Arrivals::Clock::duration kLongestSleep = std::chrono::milliseconds(50);

absl::Status NoThreads() {
  return absl::FailedPreconditionError(
      "the system starts no thread for the calls; raise the limit (ulimit -u, or the "
      "pids of a container)");
}

}  // namespace

OpenLoop::OpenLoop(size_t at_once, const std::vector<Caller>& kinds, Schedule& schedule,
                   Recorder& recorder, Tally& tally)
    : kinds_(kinds),
      schedule_(schedule),
      recorder_(recorder),
      tally_(tally),
      slots_(at_once) {
  try {
    thread_ = std::thread([this] { Run(); });
  } catch (const std::system_error&) {
    Fail(NoThreads());
  }
}

OpenLoop::~OpenLoop() { Stop(Clock::now()); }

void OpenLoop::Stop(Clock::time_point deadline) {
  // relaxed: a figure of its own.
  stop_at_.store(deadline.time_since_epoch().count(), std::memory_order_relaxed);
  if (thread_.joinable()) thread_.join();
  slots_.AwaitAllFree();
}

bool OpenLoop::stopping() const {
  // relaxed: a figure of its own.
  return tally_.failed() || Clock::now().time_since_epoch().count() >=
                                stop_at_.load(std::memory_order_relaxed);
}

void OpenLoop::Run() {
  // The kernel may wake a sleeper 50 us late to save wake-ups: not here.
  prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
  while (!stopping()) {
    // Not before it can be sent: what nobody takes is the schedule's backlog.
    if (!AwaitSlot()) return;
    const std::optional<Turn> turn = schedule_.Take();
    if (!turn.has_value() || !AwaitTime(*turn->due)) return slots_.Release();
    Send(*turn);
  }
}

bool OpenLoop::AwaitSlot() {
  if (slots_.TryTake()) return true;
  while (!slots_.TakeWithin(kLongestSleep)) {
    if (stopping()) return false;
  }
  waited_until_ = Clock::now();
  return true;
}

bool OpenLoop::AwaitTime(Clock::time_point due) const {
  for (Clock::time_point now = Clock::now(); now < due; now = Clock::now()) {
    if (stopping()) return false;
    std::this_thread::sleep_for(std::min(due - now, kLongestSleep));
  }
  return true;
}

void OpenLoop::Send(const Turn& turn) {
  const Sent sent = {.number = sent_++,
                     .kind = turn.operation.kind,
                     .due = *turn.due,
                     .waited = *turn.due < waited_until_};
  const Caller& caller = kinds_[sent.number % kinds_.size()];
  if (!Caller::HasAsync(sent.kind)) return SendBlocking(caller, turn, sent);
  caller.DoAsync(turn.operation, [this, sent](const absl::StatusOr<CallTimes>& times) {
    Finish(sent, times);
  });
}

void OpenLoop::SendBlocking(const Caller& caller, const Turn& turn, const Sent& sent) {
  const bool begun = workers_.Do([this, &caller, operation = turn.operation, sent] {
    Finish(sent, caller.Do(operation));
  });
  if (!begun) Finish(sent, NoThreads());
}

void OpenLoop::Finish(const Sent& sent, const absl::StatusOr<CallTimes>& times) {
  if (times.ok()) {
    const uint64_t from_send = Nanoseconds(times->answered - times->sent);
    const uint64_t late = Nanoseconds(times->sent - sent.due);
    recorder_.Record(sent.number, sent.kind,
                     {.from_send = from_send,
                      .from_due = from_send + late,
                      .waited_for_caller = sent.waited});
  } else {
    recorder_.RecordUnanswered(sent.number, Nanoseconds(Clock::now() - sent.due));
    Fail(times.status());
  }
  // The last: this may be gone as soon as all slots are free.
  slots_.Release();
}

void OpenLoop::Fail(const absl::Status& status) {
  schedule_.EndAt(Clock::now());
  tally_.Fail(status);
}

}  // namespace rcukv::loadtest
