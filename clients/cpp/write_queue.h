// Internal to this library: which Puts and Deletes share a call, and when it goes out.
//
// With no call in flight a write goes out at once; there is no timer that waits for
// company. Otherwise it joins those that wait, and they go as Gets do (get_queue.h, which
// says why): when no call is in flight any more; as one of several calls in flight, as
// soon as they are their share of the writes under way; or when they fill a call by half.
// Such full calls are counted apart: they wait for no other, and no other for them.
//
// Unlike a Get a write must not be asked for twice. So it is in one call, once, unless
// the server has refused that call as a whole before it looked at any write.
//
// There is one queue for all tables, as a call takes writes of any.
//
// Thread safety: none; the gatherer's mutex is held.
#ifndef RCUKV_CLIENTS_CPP_WRITE_QUEUE_H_
#define RCUKV_CLIENTS_CPP_WRITE_QUEUE_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"
#include "clients/cpp/deadline.h"
#include "clients/cpp/write_batch.h"

namespace rcukv::internal {

struct WriteLimits {
  // One is on its way or being made durable, and one behind it, so that neither the
  // network nor the disk is idle.
  size_t calls_in_flight = 2;
  // When at least half full.
  size_t full_calls_in_flight = 16;
  // Of a call that is shared. Beyond some hundreds a write's share in the cost of the
  // call is nothing.
  size_t writes = 256;
  size_t bytes = size_t{1} << 20;
  // Of all writes that wait; as much as a server lets wait. A single one may be larger.
  size_t waiting_bytes = size_t{64} << 20;

  // Each write in a call of its own, as many at once as a server takes.
  static WriteLimits OneByOne() {
    return {.calls_in_flight = 4096, .full_calls_in_flight = 4096, .writes = 1};
  }
  static WriteLimits Gathered(bool gathered) {
    return gathered ? WriteLimits() : OneByOne();
  }
};

// Some of a batch's writes, for one call. None of them is withdrawn while it waits: it
// leaves the call.
struct WriteCall {
  std::shared_ptr<WriteBatch> batch;
  std::vector<size_t> places;
  // What they take in a request.
  size_t bytes = 0;
  // Nothing further may join.
  bool sealed = false;
  // Counted apart, from when it is in flight on.
  bool full = false;

  // The latest of its writes'.
  SteadyTime deadline() const;
};

class WriteQueue {
 public:
  explicit WriteQueue(const WriteLimits& limits) : limits_(limits) {}
  WriteQueue(const WriteQueue&) = delete;
  WriteQueue& operator=(const WriteQueue&) = delete;

  // Whether a write that takes so many bytes may wait.
  bool HasRoomFor(size_t bytes) const;
  size_t waiting_bytes() const { return waiting_bytes_; }
  const WriteLimits& limits() const { return limits_; }

  WritePlace Join(PendingWrite write);

  // Takes a write out that has not been sent: it never will be.
  void Withdraw(const WritePlace& place);

  // Takes a call that may go out now; null when there is none. It is in flight until
  // Answered, and its writes are `sent`.
  std::unique_ptr<WriteCall> Take();
  void Answered(const WriteCall& call);

  // Queues the writes of a call again, ahead of all others, `writes` in a call, but for
  // those that nobody waits for; and has no call take more from now on. The server has
  // refused it as a whole.
  void AskAgain(const WriteCall& call, size_t writes);

  // Takes a call that waits, whether it may go out or not; null when there is none.
  std::unique_ptr<WriteCall> TakeAny();

  void ForEachWaiting(absl::FunctionRef<void(const WritePlace&)> visit) const;

 private:
  WriteCall& CallFor(size_t bytes);
  void QueueAgain(const std::shared_ptr<WriteBatch>& batch, std::vector<size_t> places);
  bool IsFull(const WriteCall& call) const;
  bool MaySend(const WriteCall& call) const;
  size_t PartialWritesWaiting() const;

  WriteLimits limits_;
  std::deque<std::unique_ptr<WriteCall>> waiting_;
  size_t waiting_bytes_ = 0;
  size_t full_calls_in_flight_ = 0;
  // Of calls that are not full.
  size_t calls_in_flight_ = 0;
  size_t writes_in_flight_ = 0;
  // Of those, writes under way of late.
  size_t concurrency_ = 0;
};

}  // namespace rcukv::internal

#endif  // RCUKV_CLIENTS_CPP_WRITE_QUEUE_H_
