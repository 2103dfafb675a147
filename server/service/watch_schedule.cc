#include "server/service/watch_schedule.h"

#include "server/service/watch_call.h"

namespace rcukv {
namespace {

// At a time; a turn takes well under a millisecond.
constexpr int kTurnsAtATime = 64;

// Goes off at once: gRPC rounds a deadline up to the next millisecond, and waits for
// that.
constexpr std::chrono::system_clock::time_point kLongAgo{};

}  // namespace

void WatchSchedule::Await(WatchCall* call, bool owes_progress) {
  waiting_.insert(call);
  if (!owes_progress) return;
  owing_.insert(call);
  if (interval_is_on_) return;
  interval_is_on_ = true;
  interval_alarm_.Set(queue_, std::chrono::system_clock::now() + progress_interval_,
                      static_cast<Tag*>(&interval_tag_));
}

void WatchSchedule::Remove(WatchCall* call) {
  waiting_.erase(call);
  ready_.erase(call);
  owing_.erase(call);
}

void WatchSchedule::Stop() {
  if (history_ != nullptr) history_->Forget(*this);
  if (interval_is_on_) interval_alarm_.Cancel();
}

void WatchSchedule::Wake() {
  wake_alarm_.Set(queue_, kLongAgo, static_cast<Tag*>(&wake_tag_));
}

void WatchSchedule::OnWoken(bool) {
  // Ahead of the turns: a batch that comes after one of them wakes anew.
  history_->HasWoken(*this);
  ready_.merge(waiting_);
  RunReady();
}

void WatchSchedule::OnInterval(bool) {
  interval_is_on_ = false;
  for (WatchCall* call : owing_) {
    call->TellProgress();
    if (auto node = waiting_.extract(call)) ready_.insert(std::move(node));
  }
  owing_.clear();
  RunReady();
}

void WatchSchedule::OnGoOn(bool) {
  is_going_on_ = false;
  RunReady();
}

void WatchSchedule::RunReady() {
  for (int turns = 0; turns < kTurnsAtATime && !ready_.empty(); ++turns) {
    WatchCall* const call = ready_.extract(ready_.begin()).value();
    call->TakeTurn();
  }
  if (ready_.empty() || is_going_on_) return;
  is_going_on_ = true;
  go_on_alarm_.Set(queue_, kLongAgo, static_cast<Tag*>(&go_on_tag_));
}

}  // namespace rcukv
