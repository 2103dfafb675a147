// The half of the gatherer that calls back: WriteAsync, its deadlines, and the thread
// that takes the answers of both halves.
#include <pthread.h>

#include <algorithm>
#include <utility>

#include "clients/cpp/write_gatherer.h"
#include "clients/cpp/write_gatherer_events.h"

namespace rcukv::internal {

WriteGatherer::~WriteGatherer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    for (Flight* flight : in_flight_) flight->Cancel();
    if (timer_ != nullptr) timer_->Cancel();
    event_due_or_stopping_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
  // What waited, and what the callbacks of that begin.
  for (;;) {
    Callbacks callbacks;
    {
      std::lock_guard lock(mutex_);
      const std::unique_ptr<WriteCall> call = queue_.TakeAny();
      if (call == nullptr) break;
      for (const size_t place : call->places) {
        AnswerLocked({call->batch, place},
                     {.status = {grpc::StatusCode::CANCELLED,
                                 "the client is gone; the write was not sent"}},
                     &callbacks);
      }
    }
    Run(std::move(callbacks));
  }
  completions_.Shutdown();
  void* tag;
  bool ok;
  while (completions_.Next(&tag, &ok)) {
  }
}

void WriteGatherer::WriteAsync(EncodedWrite request,
                               std::optional<absl::Duration> timeout, WriteDone done) {
  PendingWrite write = Pending(std::move(request), timeout);
  const SteadyTime deadline = write.deadline;
  absl::Status no_room;
  std::vector<Flight*> flights;
  {
    std::lock_guard lock(mutex_);
    no_room = NoRoomLocked(write);
    if (no_room.ok()) {
      write.done = std::move(done);
      queue_.Join(std::move(write));
      ++async_waiting_;
      ArmTimerLocked(deadline);
      flights = TakeSendableLocked(/*alone=*/nullptr, /*own=*/nullptr);
    }
  }
  if (!no_room.ok()) return done(no_room);
  Start(flights);
}

void WriteGatherer::Run(Callbacks callbacks) {
  for (auto& [done, outcome] : callbacks) done(std::move(outcome));
}

// --- Deadlines.

void WriteGatherer::ArmTimerLocked(SteadyTime deadline) {
  if (deadline == kNever || stopping_) return;
  if (timer_ != nullptr) {
    if (timer_->deadline <= deadline) return;
    timer_->Cancel();
  }
  timer_ = new Timer(this, deadline);
  ExpectEventsLocked(1);
}

// So that the thread does not wait for it in the completion queue.
void WriteGatherer::CancelTimerIfIdleLocked() {
  if (async_waiting_ > 0 || timer_ == nullptr) return;
  std::exchange(timer_, nullptr)->Cancel();
}

void WriteGatherer::TakeTimer(Timer* timer) {
  Callbacks callbacks;
  {
    std::lock_guard lock(mutex_);
    --events_due_;
    if (timer != timer_) return;
    timer_ = nullptr;
    callbacks = TakeExpiredLocked();
  }
  Run(std::move(callbacks));
}

WriteGatherer::Callbacks WriteGatherer::TakeExpiredLocked() {
  const SteadyTime now = SteadyClock::now();
  SteadyTime earliest = kNever;
  std::vector<WritePlace> expired;
  const auto look = [&](const WritePlace& place) {
    const PendingWrite& write = place.write();
    if (write.done == nullptr) return;
    if (write.deadline <= now) {
      expired.push_back(place);
    } else {
      earliest = std::min(earliest, write.deadline);
    }
  };
  queue_.ForEachWaiting(look);
  for (Flight* flight : in_flight_) {
    for (const size_t place : flight->call->places) look({flight->call->batch, place});
  }
  Callbacks callbacks;
  for (const WritePlace& place : expired) {
    PendingWrite& write = place.write();
    callbacks.emplace_back(std::exchange(write.done, nullptr), DeadlineExceeded(write));
    --async_waiting_;
    GiveUpLocked(place);
  }
  ArmTimerLocked(earliest);
  return callbacks;
}

// --- The thread.

void WriteGatherer::ExpectEventsLocked(size_t events) {
  events_due_ += events;
  if (!thread_.joinable()) thread_ = std::thread([this] { RunThread(); });
  event_due_or_stopping_.notify_one();
}

void WriteGatherer::RunThread() {
  pthread_setname_np(pthread_self(), "rcukv-writes");
  void* tag;
  bool ok;
  while (AwaitEventDue() && completions_.Next(&tag, &ok)) {
    static_cast<Event*>(tag)->Take();
  }
}

bool WriteGatherer::AwaitEventDue() {
  std::unique_lock lock(mutex_);
  event_due_or_stopping_.wait(lock, [this] { return events_due_ > 0 || stopping_; });
  return events_due_ > 0;
}

}  // namespace rcukv::internal
