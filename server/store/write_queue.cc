#include "server/store/write_queue.h"

#include <cassert>
#include <utility>

#include "absl/strings/str_format.h"

namespace rcukv {
namespace {

absl::Status StoppedError() {
  return absl::UnavailableError("the server is shutting down: it takes no more writes");
}

absl::Status FullError(size_t queued_bytes, size_t max_bytes) {
  return absl::ResourceExhaustedError(
      absl::StrFormat("too many writes waiting: %d bytes, limit %d; try again later",
                      queued_bytes, max_bytes));
}

size_t BytesOf(const Transaction::Compare& compare) {
  const auto* const value = std::get_if<Transaction::Compare::Value>(&compare.target);
  return sizeof(compare) + compare.key.size() +
         (value == nullptr ? 0 : value->bytes.size());
}

size_t BytesOf(const Transaction::Operation& operation) {
  const auto* const put = std::get_if<Transaction::Put>(&operation);
  return sizeof(operation) + (put == nullptr ? 0 : put->value.size()) +
         std::visit([](const auto& one) { return one.key.size(); }, operation);
}

template <typename Parts>
size_t BytesOfEach(const Parts& parts) {
  size_t bytes = 0;
  for (const auto& part : parts) bytes += BytesOf(part);
  return bytes;
}

}  // namespace

size_t QueuedBytes(const Write& write) {
  return sizeof(QueuedWrite) + write.key.size() + (write.value ? write.value->size() : 0);
}

size_t QueuedBytes(const Transaction& transaction) {
  return sizeof(QueuedWrite) + BytesOfEach(transaction.compares) +
         BytesOfEach(transaction.success) + BytesOfEach(transaction.failure);
}

size_t QueuedBytes(const QueuedWrite& write) {
  return std::visit([](const auto& one) { return QueuedBytes(one); }, write);
}

template <typename Any>
absl::Status WriteQueue::PushLocked(Any& write) {
  const size_t bytes = QueuedBytes(write);
  if (closed_) return StoppedError();
  if (bytes_ != 0 && bytes_ + bytes > max_bytes_) return FullError(bytes_, max_bytes_);
  waiting_.push_back(std::move(write));
  bytes_ += bytes;
  return absl::OkStatus();
}

// The taker sleeps only while the queue is empty, so only the first write need wake it.

template <typename Any>
absl::Status WriteQueue::PushAny(Any& write) {
  absl::Status status;
  bool was_empty = false;
  {
    std::lock_guard lock(mutex_);
    was_empty = waiting_.empty();
    status = PushLocked(write);
  }
  if (was_empty && status.ok()) not_empty_or_closed_.notify_one();
  return status;
}

absl::Status WriteQueue::PushAll(absl::Span<Write>* writes) {
  absl::Status status;
  bool wake = false;
  {
    std::lock_guard lock(mutex_);
    const bool was_empty = waiting_.empty();
    while (!writes->empty()) {
      status = PushLocked(writes->front());
      if (!status.ok()) break;
      writes->remove_prefix(1);
    }
    wake = was_empty && !waiting_.empty();
  }
  if (wake) not_empty_or_closed_.notify_one();
  return status;
}

absl::Status WriteQueue::Push(Write& write) { return PushAny(write); }

absl::Status WriteQueue::Push(Transaction& transaction) { return PushAny(transaction); }

bool WriteQueue::TakeAll(std::vector<QueuedWrite>& writes) {
  assert(writes.empty());
  std::unique_lock lock(mutex_);
  not_empty_or_closed_.wait(lock, [this] { return !waiting_.empty() || closed_; });
  waiting_.swap(writes);
  return !writes.empty();
}

void WriteQueue::Release(size_t bytes) {
  std::lock_guard lock(mutex_);
  assert(bytes <= bytes_);
  bytes_ -= bytes;
}

void WriteQueue::Close() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }
  not_empty_or_closed_.notify_one();
}

}  // namespace rcukv
