#include "clients/cpp/get_queue.h"

#include <algorithm>
#include <utility>

namespace rcukv::internal {

GetQueue::Place GetQueue::Join(std::string_view key, const std::string& table,
                               absl::Time deadline) {
  GetCall& call = CallFor(key, table);
  GetBatch& batch = *call.batch;
  batch.deadline = std::max(batch.deadline, deadline);
  const size_t place = batch.Add(key);
  call.range.last = place + 1;
  ++keys_waiting_;
  if (call.range.size() == limits_.keys) call.sealed = true;
  return {call.batch, place};
}

GetCall& GetQueue::CallFor(std::string_view key, const std::string& table) {
  const bool suspect = key.empty() || key.size() > limits_.key_bytes;
  if (GetCall* call = suspect ? nullptr : NewestOf(table)) {
    if (!call->sealed && HasRoomFor(*call, key)) return *call;
    call->sealed = true;
  }
  GetCall& call = *waiting_.emplace_back(std::make_unique<GetCall>());
  call.batch = std::make_shared<GetBatch>(table);
  call.sealed = suspect;
  call.unary = suspect || limits_.keys == 1;
  return call;
}

GetCall* GetQueue::NewestOf(const std::string& table) {
  const auto found =
      std::find_if(waiting_.rbegin(), waiting_.rend(),
                   [&](const auto& call) { return call->batch->table() == table; });
  return found == waiting_.rend() ? nullptr : found->get();
}

bool GetQueue::HasRoomFor(const GetCall& call, std::string_view key) const {
  return call.batch->request_bytes() + key.size() <= limits_.request_bytes &&
         (call.range.size() + 1) * bytes_per_key_ <= limits_.answer_bytes;
}

bool GetQueue::MaySend(const GetCall& call) const {
  if (calls_in_flight_ == 0) return true;
  if (calls_in_flight_ >= limits_.calls_in_flight) return false;
  const size_t under_way = std::max(concurrency_, keys_in_flight_ + keys_waiting_);
  return call.sealed || call.range.size() * limits_.calls_in_flight >= under_way;
}

std::unique_ptr<GetCall> GetQueue::Take() {
  while (!waiting_.empty() && !waiting_.front()->batch->wanted()) TakeAny();
  if (waiting_.empty() || !MaySend(*waiting_.front())) return nullptr;
  std::unique_ptr<GetCall> call = TakeAny();
  call->sealed = true;
  ++calls_in_flight_;
  keys_in_flight_ += call->range.size();
  return call;
}

std::unique_ptr<GetCall> GetQueue::TakeAny() {
  if (waiting_.empty()) return nullptr;
  std::unique_ptr<GetCall> call = std::move(waiting_.front());
  waiting_.pop_front();
  keys_waiting_ -= call->range.size();
  return call;
}

void GetQueue::Answered(const GetCall& call, size_t response_bytes) {
  // Falls slowly: a moment without Gets says little.
  concurrency_ = std::max(keys_in_flight_ + keys_waiting_, concurrency_ * 7 / 8);
  --calls_in_flight_;
  keys_in_flight_ -= call.range.size();
  if (response_bytes > 0) bytes_per_key_ = response_bytes / call.range.size();
}

void GetQueue::AskAgainInHalves(const GetCall& call) {
  const size_t middle = call.range.first + call.range.size() / 2;
  for (const GetRange half :
       {GetRange{middle, call.range.last}, GetRange{call.range.first, middle}}) {
    waiting_.push_front(std::make_unique<GetCall>(
        GetCall{.batch = call.batch, .range = half, .sealed = true, .unary = true}));
    keys_waiting_ += half.size();
  }
}

void GetQueue::ForEach(absl::FunctionRef<void(GetBatch&)> visit) const {
  for (const auto& call : waiting_) visit(*call->batch);
}

}  // namespace rcukv::internal
