// The half of the gatherer that calls back: GetAsync, BatchGetAsync and their thread.
#include <pthread.h>

#include <algorithm>
#include <utility>

#include "clients/cpp/futex.h"
#include "clients/cpp/get_gatherer.h"
#include "clients/cpp/get_gatherer_events.h"

namespace rcukv::internal {
namespace {

const char* CallOf(const GetBatch::AsyncGet& get) {
  return std::holds_alternative<GetBatch::Done>(get.done) ? "Get" : "BatchGet";
}

// Not the batch's any more: Values keep the batch, and if a callback puts those of its
// own call, or of a neighbour's, where it holds them itself, none of them would ever go.
std::variant<GetBatch::Done, GetBatch::BatchDone> TakeDone(GetBatch::AsyncGet& get) {
  return std::move(get.done);
}

}  // namespace

void GetGatherer::GetAsync(std::string_view key, const ReadOptions& options, Done done) {
  AskAsync(AskedKeys(key), options, std::move(done));
}

void GetGatherer::BatchGetAsync(absl::Span<const std::string> keys,
                                const ReadOptions& options, BatchDone done) {
  AskAsync(AskedKeys(keys), options, std::move(done));
}

void GetGatherer::AskAsync(const AskedKeys& keys, const ReadOptions& options,
                           std::variant<Done, BatchDone> done) {
  const SteadyTime deadline = connection_->DeadlineOf(options.timeout);
  Lanes lanes;
  {
    std::lock_guard lock(mutex_);
    if (!background_.joinable()) background_ = std::thread([this] { RunBackground(); });
    GetQueue& queue = QueueOfLocked(options.table);
    const GetQueue::Place get = queue.Join(keys, deadline);
    get.batch->async_gets.push_back({.place = get.place,
                                     .keys = keys.count(),
                                     .deadline = deadline,
                                     .timeout = options.timeout,
                                     .done = std::move(done)});
    ++get.batch->async_waiting;
    ++async_waiting_;
    ArmTimerLocked(deadline);
    lanes = TakeSendableLocked(&queue);
    if (!polling_ && !in_flight_.empty()) AskBackgroundToPollLocked();
  }
  Send(lanes);
}

void GetGatherer::AskBackgroundToPollLocked() {
  polling_ = background_polls_ = true;
  wake_background_.notify_one();
}

void GetGatherer::RunBackground() {
  pthread_setname_np(pthread_self(), "rcukv-gets");
  for (;;) {
    bool poll;
    {
      std::unique_lock lock(mutex_);
      while (!background_polls_ && finished_.empty() && !expire_) {
        if (stopping_ && in_flight_.empty()) return;
        wake_background_.wait(lock);
      }
      poll = std::exchange(background_polls_, false);
    }
    CallBackFinished();
    CallBackExpired();
    if (poll) PollInBackground();
  }
}

void GetGatherer::PollInBackground() {
  void* tag;
  bool ok;
  while (KeepsPolling() && completions_.Next(&tag, &ok)) {
    TakeEvent(tag, ok);
    CallBackFinished();
    CallBackExpired();
  }
}

// Where there is nothing, polling is nobody's; where nothing is left but Gets of callers
// that block, it is theirs.
bool GetGatherer::KeepsPolling() {
  std::shared_ptr<GetBatch> next;
  {
    std::lock_guard lock(mutex_);
    if (!in_flight_.empty() && (async_waiting_ > 0 || stopping_)) return true;
    next = PassPollingLocked();
  }
  if (next != nullptr) FutexWake(next->phase(), 1);
  return false;
}

void GetGatherer::CallBackFinished() {
  std::vector<std::shared_ptr<GetBatch>> finished;
  {
    std::lock_guard lock(mutex_);
    finished.swap(finished_);
  }
  for (const std::shared_ptr<GetBatch>& batch : finished) {
    for (GetBatch::AsyncGet& get : batch->async_gets) {
      if (get.answered) continue;
      batch->ReadUnread();
      CallBack(get, batch);
    }
  }
}

void GetGatherer::CallBack(GetBatch::AsyncGet& get,
                           const std::shared_ptr<GetBatch>& batch) const {
  const absl::Status status = StatusOf(*batch, get.place, CallOf(get), get.timeout);
  if (!status.ok()) return CallBack(get, status);
  std::variant<Done, BatchDone> called = TakeDone(get);
  if (Done* const done = std::get_if<Done>(&called); done != nullptr) {
    (*done)(batch->ValueOf(get.place));
  } else {
    std::get<BatchDone>(called)(GetBatch::ValuesOf(batch, get.place, get.keys));
  }
}

void GetGatherer::CallBack(GetBatch::AsyncGet& get, const absl::Status& error) const {
  std::variant<Done, BatchDone> called = TakeDone(get);
  std::visit([&error](auto& done) { done(error); }, called);
}

void GetGatherer::ArmTimerLocked(SteadyTime deadline) {
  if (deadline == kNever || stopping_) return;
  if (timer_ != nullptr) {
    if (timer_->deadline <= deadline) return;
    timer_->Cancel();
  }
  timer_ = new Timer(this, deadline);
}

void GetGatherer::TakeTimer(Timer* timer) {
  std::lock_guard lock(mutex_);
  if (timer != timer_) return;
  timer_ = nullptr;
  expire_ = true;
  wake_background_.notify_one();
}

void GetGatherer::CallBackExpired() {
  for (GetBatch::AsyncGet& get : TakeExpired()) {
    CallBack(get, DeadlineExceeded(CallOf(get), get.timeout));
  }
}

std::vector<GetBatch::AsyncGet> GetGatherer::TakeExpired() {
  std::vector<GetBatch::AsyncGet> expired;
  std::lock_guard lock(mutex_);
  if (!std::exchange(expire_, false)) return expired;
  const SteadyTime now = SteadyClock::now();
  SteadyTime earliest = kNever;
  const auto take = [&](const std::shared_ptr<GetBatch>& batch) {
    for (GetBatch::AsyncGet& get : batch->async_gets) {
      if (get.answered) continue;
      if (get.deadline > now) {
        earliest = std::min(earliest, get.deadline);
        continue;
      }
      expired.push_back(std::move(get));
      get.answered = true;
      --batch->async_waiting;
    }
  };
  ForEachWaitingLocked(take);
  for (Lane* lane : in_flight_) {
    take(lane->call->batch);
  }
  async_waiting_ -= expired.size();
  for (Lane* lane : in_flight_) CancelIfUnwantedLocked(*lane->call->batch);
  ArmTimerLocked(earliest);
  return expired;
}

}  // namespace rcukv::internal
