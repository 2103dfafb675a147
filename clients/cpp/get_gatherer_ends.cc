// How the gatherer ends what is under way: all of it, at once.
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "clients/cpp/futex.h"
#include "clients/cpp/get_gatherer.h"
#include "clients/cpp/get_gatherer_events.h"

namespace rcukv::internal {

GetGatherer::~GetGatherer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = cancelled_ = true;
    for (Lane* lane : in_flight_) lane->lane.Cancel();
    if (timer_ != nullptr) timer_->Cancel();
    if (!polling_ && background_.joinable()) AskBackgroundToPollLocked();
  }
  if (background_.joinable()) background_.join();
  PollInBackground();  // Of what everybody has given up.
  completions_.Shutdown();
  void* tag;
  bool ok;
  while (completions_.Next(&tag, &ok)) TakeEvent(tag, ok);
}

// Calls in flight end by their events, which somebody polls for (guarantee E).
void GetGatherer::Cancel() {
  std::vector<std::shared_ptr<GetBatch>> wake;
  {
    std::lock_guard lock(mutex_);
    cancelled_ = true;
    for (Lane* lane : in_flight_) lane->lane.Cancel();
    bool asked_to_poll = false;
    ForEachWaitingLocked([&](const std::shared_ptr<GetBatch>& batch) {
      wake.push_back(batch);
      // Its sleepers, of whom one was to poll, are about to leave.
      uint32_t wanted = GetBatch::kPollerWanted;
      asked_to_poll |= batch->phase().compare_exchange_strong(wanted, GetBatch::kWaiting,
                                                              std::memory_order_relaxed);
    });
    for (const auto& [table, queue] : queues_) CancelWaitingLocked(queue.get());
    std::shared_ptr<GetBatch> next;
    if (asked_to_poll) next = PassPollingLocked();
    if (next != nullptr) wake.push_back(std::move(next));
  }
  for (const std::shared_ptr<GetBatch>& batch : wake) FutexWakeAll(batch->phase());
}

void GetGatherer::CancelWaitingLocked(GetQueue* queue) {
  while (std::unique_ptr<GetCall> call = queue->TakeAny()) {
    call->batch->Fail(call->range, {grpc::StatusCode::CANCELLED, "the client is gone"});
    if (call->batch->complete()) FinishLocked(call->batch);
  }
}

}  // namespace rcukv::internal
