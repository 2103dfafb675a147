#include "clients/cpp/write_queue.h"

#include <algorithm>
#include <utility>

namespace rcukv::internal {

SteadyTime WriteCall::deadline() const {
  SteadyTime latest = SteadyTime::min();
  for (const size_t place : places) {
    latest = std::max(latest, batch->writes[place].deadline);
  }
  return latest;
}

bool WriteQueue::HasRoomFor(size_t bytes) const {
  return waiting_.empty() || waiting_bytes_ + bytes <= limits_.waiting_bytes;
}

WritePlace WriteQueue::Join(PendingWrite write) {
  const size_t bytes = BatchedBytes(write.request);
  WriteCall& call = CallFor(bytes);
  WriteBatch& batch = *call.batch;
  const size_t place = batch.writes.size();
  batch.writes.push_back(std::move(write));
  ++batch.unanswered;
  call.places.push_back(place);
  call.bytes += bytes;
  waiting_bytes_ += bytes;
  if (batch.writes.size() >= limits_.writes) call.sealed = true;
  return {call.batch, place};
}

// The newest call that waits, where there is room in it, or a new one.
WriteCall& WriteQueue::CallFor(size_t bytes) {
  if (!waiting_.empty()) {
    WriteCall& newest = *waiting_.back();
    if (!newest.sealed && newest.bytes + bytes <= limits_.bytes) return newest;
    newest.sealed = true;
  }
  waiting_.push_back(std::make_unique<WriteCall>());
  waiting_.back()->batch = std::make_shared<WriteBatch>();
  return *waiting_.back();
}

void WriteQueue::Withdraw(const WritePlace& withdrawn) {
  for (auto call = waiting_.begin(); call != waiting_.end(); ++call) {
    if ((*call)->batch != withdrawn.batch) continue;
    if (std::erase((*call)->places, withdrawn.place) == 0) continue;
    PendingWrite& write = withdrawn.write();
    const size_t bytes = BatchedBytes(write.request);
    (*call)->bytes -= bytes;
    waiting_bytes_ -= bytes;
    --withdrawn.batch->unanswered;
    write.request = {.is_delete = write.request.is_delete};
    if ((*call)->places.empty()) waiting_.erase(call);
    return;
  }
}

bool WriteQueue::IsFull(const WriteCall& call) const {
  return 2 * call.places.size() >= limits_.writes || 2 * call.bytes >= limits_.bytes;
}

bool WriteQueue::MaySend(const WriteCall& call) const {
  if (IsFull(call)) return full_calls_in_flight_ < limits_.full_calls_in_flight;
  if (calls_in_flight_ == 0) return true;
  if (calls_in_flight_ >= limits_.calls_in_flight) return false;
  const size_t under_way =
      std::max(concurrency_, writes_in_flight_ + PartialWritesWaiting());
  return call.sealed || call.places.size() * limits_.calls_in_flight >= under_way;
}

size_t WriteQueue::PartialWritesWaiting() const {
  size_t writes = 0;
  for (const auto& call : waiting_) {
    if (!IsFull(*call)) writes += call->places.size();
  }
  return writes;
}

std::unique_ptr<WriteCall> WriteQueue::Take() {
  const auto place =
      std::find_if(waiting_.begin(), waiting_.end(),
                   [this](const auto& waiting) { return MaySend(*waiting); });
  if (place == waiting_.end()) return nullptr;
  std::unique_ptr<WriteCall> call = std::move(*place);
  waiting_.erase(place);
  waiting_bytes_ -= call->bytes;
  call->full = IsFull(*call);
  for (const size_t sent : call->places) call->batch->writes[sent].sent = true;
  if (call->full) {
    ++full_calls_in_flight_;
  } else {
    ++calls_in_flight_;
    writes_in_flight_ += call->places.size();
  }
  return call;
}

void WriteQueue::Answered(const WriteCall& call) {
  if (call.full) {
    --full_calls_in_flight_;
    return;
  }
  // Falls slowly: a moment without writes says little.
  concurrency_ =
      std::max(writes_in_flight_ + PartialWritesWaiting(), concurrency_ * 7 / 8);
  --calls_in_flight_;
  writes_in_flight_ -= call.places.size();
}

void WriteQueue::AskAgain(const WriteCall& call, size_t writes) {
  if (writes == 1) limits_ = WriteLimits::OneByOne();
  limits_.writes = std::min(limits_.writes, writes);
  std::vector<size_t> wanted;
  for (const size_t place : call.places) {
    if (call.batch->writes[place].given_up) {
      --call.batch->unanswered;
    } else {
      wanted.push_back(place);
    }
  }
  while (!wanted.empty()) {
    const size_t first = wanted.size() > writes ? wanted.size() - writes : 0;
    QueueAgain(call.batch, {wanted.begin() + first, wanted.end()});
    wanted.resize(first);
  }
}

void WriteQueue::QueueAgain(const std::shared_ptr<WriteBatch>& batch,
                            std::vector<size_t> places) {
  auto again = std::make_unique<WriteCall>();
  again->batch = batch;
  again->sealed = true;
  for (const size_t place : places) {
    PendingWrite& write = batch->writes[place];
    write.sent = false;
    again->bytes += BatchedBytes(write.request);
  }
  again->places = std::move(places);
  waiting_bytes_ += again->bytes;
  waiting_.push_front(std::move(again));
}

std::unique_ptr<WriteCall> WriteQueue::TakeAny() {
  if (waiting_.empty()) return nullptr;
  std::unique_ptr<WriteCall> call = std::move(waiting_.front());
  waiting_.pop_front();
  waiting_bytes_ -= call->bytes;
  return call;
}

void WriteQueue::ForEachWaiting(absl::FunctionRef<void(const WritePlace&)> visit) const {
  for (const auto& call : waiting_) {
    for (const size_t place : call->places) visit({call->batch, place});
  }
}

}  // namespace rcukv::internal
