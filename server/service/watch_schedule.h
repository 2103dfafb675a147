// When the watches of a serving thread have their turns.
//
// A watch that has told all there is waits here. When the history wakes the thread, once
// a batch of changes at the most, all that wait have a turn: some dozens an event of the
// queue, so that other calls have theirs between. Those to whom nothing was told though
// revisions have gone on are told of that within an interval, by an alarm that is set
// only while there are such. Where nothing is written nothing happens here.
//
// The history wakes the thread by an event of its queue: an alarm that is set by the
// committer. It is not set again before it has gone off, as the history wakes a waiter
// once until HasWoken.
#ifndef RCUKV_SERVER_SERVICE_WATCH_SCHEDULE_H_
#define RCUKV_SERVER_SERVICE_WATCH_SCHEDULE_H_

#include <grpcpp/alarm.h>
#include <grpcpp/completion_queue.h>

#include <chrono>
#include <unordered_set>

#include "server/service/tag.h"
#include "server/store/change_history.h"

namespace rcukv {

class WatchCall;

// Thread safety: belongs to the serving thread, but for what the history does.
class WatchSchedule final : private ChangeHistory::Waiter {
 public:
  // `history`, which may be null where nothing waits, and `queue` outlive it.
  WatchSchedule(ChangeHistory* history, grpc::CompletionQueue* queue,
                std::chrono::milliseconds progress_interval)
      : history_(history), queue_(queue), progress_interval_(progress_interval) {}
  WatchSchedule(const WatchSchedule&) = delete;
  WatchSchedule& operator=(const WatchSchedule&) = delete;

  // For Watch::Next of a call that then waits.
  ChangeHistory::Waiter* waiter() { return this; }

  // `call` is to have a turn when there may be something to tell; and within the
  // interval, with TellProgress, if it `owes_progress`.
  void Await(WatchCall* call, bool owes_progress);
  // It is to have no turn any more.
  void Remove(WatchCall* call);

  // Before the queue shuts down, with all calls ended: nothing is put into it any more.
  void Stop();

 private:
  using Calls = std::unordered_set<WatchCall*>;

  void Wake() override;
  void OnWoken(bool ok);
  void OnInterval(bool ok);
  void OnGoOn(bool ok);
  // Gives turns to some that are ready, and sees to it that the others have theirs.
  void RunReady();

  ChangeHistory* const history_;
  grpc::CompletionQueue* const queue_;
  const std::chrono::milliseconds progress_interval_;

  // Each call is in one of these two at the most,
  Calls waiting_;
  Calls ready_;
  // and may be in this one.
  Calls owing_;

  // Whether these alarms are set. Of wake_alarm_ the history knows.
  bool interval_is_on_ = false;
  bool is_going_on_ = false;
  MemberTag<WatchSchedule, &WatchSchedule::OnWoken> wake_tag_{this};
  MemberTag<WatchSchedule, &WatchSchedule::OnInterval> interval_tag_{this};
  MemberTag<WatchSchedule, &WatchSchedule::OnGoOn> go_on_tag_{this};
  grpc::Alarm wake_alarm_;
  grpc::Alarm interval_alarm_;
  grpc::Alarm go_on_alarm_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_WATCH_SCHEDULE_H_
