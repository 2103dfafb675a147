#include "clients/cpp/get_queue.h"

#include <algorithm>
#include <utility>

namespace rcukv::internal {

GetQueue::Place GetQueue::Join(const AskedKeys& keys, SteadyTime deadline) {
  GetCall& call = CallFor(keys);
  GetBatch& batch = *call.batch;
  batch.deadline = std::max(batch.deadline, deadline);
  const size_t place = batch.Add(keys);
  call.range.last = batch.size();
  if (call.range.size() >= limits_.keys) call.sealed = true;
  return {call.batch, place};
}

// The newest call that waits, where the keys may join it, or a new one.
GetCall& GetQueue::CallFor(const AskedKeys& keys) {
  const bool alone = keys.shortest() == 0 || keys.longest() > limits_.key_bytes;
  if (!waiting_.empty() && !alone) {
    GetCall& newest = *waiting_.back();
    if (!newest.sealed && HasRoomFor(newest, keys)) return newest;
  }
  if (!waiting_.empty()) waiting_.back()->sealed = true;
  waiting_.push_back(
      std::make_unique<GetCall>(GetCall{.queue = this,
                                        .batch = std::make_shared<GetBatch>(table_),
                                        .range = {},
                                        .sealed = alone,
                                        .unary = alone || limits_.keys == 1}));
  return *waiting_.back();
}

bool GetQueue::HasRoomFor(const GetCall& call, const AskedKeys& keys) const {
  const size_t count = call.range.size() + keys.count();
  return count <= limits_.keys &&
         call.batch->request_bytes() + keys.fields().size() <= limits_.request_bytes &&
         count * bytes_per_key_ <= limits_.answer_bytes;
}

bool GetQueue::IsLarge(const GetCall& call) const {
  const size_t keys = call.range.size();
  return 2 * keys >= limits_.keys ||
         2 * call.batch->request_bytes() >= limits_.request_bytes ||
         2 * keys * bytes_per_key_ >= limits_.answer_bytes;
}

bool GetQueue::MaySend(const GetCall& call) const {
  if (IsLarge(call)) return large_calls_in_flight_ < limits_.large_calls_in_flight;
  if (calls_in_flight_ == 0) return true;
  if (calls_in_flight_ >= limits_.calls_in_flight) return false;
  const size_t under_way =
      std::max(concurrency_, callers_in_flight_ + SmallCallersWaiting());
  return call.sealed || call.callers() * limits_.calls_in_flight >= under_way;
}

size_t GetQueue::SmallCallersWaiting() const {
  size_t callers = 0;
  for (const auto& call : waiting_) {
    if (!IsLarge(*call)) callers += call->callers();
  }
  return callers;
}

std::unique_ptr<GetCall> GetQueue::Take() {
  for (auto place = waiting_.begin(); place != waiting_.end();) {
    if (!(*place)->batch->wanted()) {
      place = waiting_.erase(place);
    } else if (!MaySend(**place)) {
      ++place;
    } else {
      std::unique_ptr<GetCall> call = std::move(*place);
      waiting_.erase(place);
      call->sealed = true;
      call->large = IsLarge(*call);
      if (call->large) {
        ++large_calls_in_flight_;
      } else {
        ++calls_in_flight_;
        callers_in_flight_ += call->callers();
      }
      return call;
    }
  }
  return nullptr;
}

std::unique_ptr<GetCall> GetQueue::TakeAny() {
  if (waiting_.empty()) return nullptr;
  std::unique_ptr<GetCall> call = std::move(waiting_.front());
  waiting_.pop_front();
  return call;
}

void GetQueue::Answered(const GetCall& call, size_t response_bytes) {
  if (call.large) {
    --large_calls_in_flight_;
  } else {
    // Falls slowly: a moment without Gets says little.
    concurrency_ =
        std::max(callers_in_flight_ + SmallCallersWaiting(), concurrency_ * 7 / 8);
    --calls_in_flight_;
    callers_in_flight_ -= call.callers();
  }
  if (response_bytes > 0) bytes_per_key_ = response_bytes / call.range.size();
}

void GetQueue::AskAgainInHalves(const GetCall& call) {
  const size_t middle = call.batch->MiddleOf(call.range);
  for (const GetRange half :
       {GetRange{middle, call.range.last}, GetRange{call.range.first, middle}}) {
    waiting_.push_front(std::make_unique<GetCall>(GetCall{.queue = this,
                                                          .batch = call.batch,
                                                          .range = half,
                                                          .sealed = true,
                                                          .unary = true}));
  }
}

void GetQueue::ForEach(BatchVisitor visit) const {
  for (const auto& call : waiting_) visit(call->batch);
}

}  // namespace rcukv::internal
