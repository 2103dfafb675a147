// The writes that wait for the committer.
//
// Bounded in bytes, so that clients who write faster than the store commits are refused
// rather than collected in memory. Pushing costs one short critical section; the
// committer takes everything there is at once.
#ifndef RCUKV_SERVER_STORE_WRITE_QUEUE_H_
#define RCUKV_SERVER_STORE_WRITE_QUEUE_H_

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "server/store/store.h"
#include "server/store/transaction.h"

namespace rcukv {

using QueuedWrite = std::variant<Write, Transaction>;

// What a write takes in the queue.
size_t QueuedBytes(const Write& write);
size_t QueuedBytes(const Transaction& transaction);
size_t QueuedBytes(const QueuedWrite& write);

// Thread safety: any number of threads may Push and Close, one thread takes.
class WriteQueue {
 public:
  // At most so many bytes are queued, or taken and not Released yet. A single write is
  // accepted whatever its size.
  explicit WriteQueue(size_t max_bytes) : max_bytes_(max_bytes) {}
  WriteQueue(const WriteQueue&) = delete;
  WriteQueue& operator=(const WriteQueue&) = delete;

  // Takes `write`, or refuses it and leaves it as it was: RESOURCE_EXHAUSTED where the
  // queue is full, UNAVAILABLE after Close.
  absl::Status Push(Write& write);
  absl::Status Push(Transaction& transaction);

  // Takes those of `writes` that there is room for, from the first one on and together,
  // so that TakeAll gives all or none of them, and removes them from the span. Why it has
  // not taken the others: as Push.
  absl::Status PushAll(absl::Span<Write>* writes);

  // Waits until there is something in the queue, and exchanges its content for `writes`,
  // which must be empty. Returns false when the queue is closed and empty.
  bool TakeAll(std::vector<QueuedWrite>& writes);

  // Makes room: so many bytes of what was taken are done with.
  void Release(size_t bytes);

  // Refuses further writes; what is queued can still be taken. Idempotent.
  void Close();

 private:
  template <typename Any>
  absl::Status PushAny(Any& write);
  // With mutex_ held.
  template <typename Any>
  absl::Status PushLocked(Any& write);

  const size_t max_bytes_;
  std::mutex mutex_;
  // Signalled when waiting_ becomes non-empty, or closed_ true.
  std::condition_variable not_empty_or_closed_;
  // Guarded by mutex_.
  std::vector<QueuedWrite> waiting_;
  size_t bytes_ = 0;
  bool closed_ = false;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_WRITE_QUEUE_H_
