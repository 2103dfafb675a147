// Internal to this library: which Gets and BatchGets of a table share a call, and when it
// goes out. What follows is said of Gets; a BatchGet is several that stay together.
//
// With no call in flight a Get goes out at once; there is no timer that waits for
// company, so a lone Get is not slower. Otherwise it joins those who wait, and they go
// out
//   - when no call is in flight any more; or
//   - in one of several calls in flight (GatherLimits::calls_in_flight), as soon as they
//     are their share of the Gets under way, or as many as fit into a call; or
//   - when they are so many that a call of their own costs them little. Such a large call
//     (GatherLimits::large_calls_in_flight) waits for no small one, nor these for it.
// The share makes the calls equal. With two of them the client hands out the answers of
// one while the server works on the other; without it, one caller's Get would go alone
// and all others' wait for it, over and over. It is one of callers, as each of them asks
// again when he is answered, a BatchGet's like a Get's. Those under way are taken to be
// as many as there were of late, because those who have just been answered are about to
// ask again.
//
// Small calls leave in the order of their Gets, and calls that are shared are bounded in
// keys, in bytes, and in the expected bytes of their answer: a Get waits for no more than
// what was there before it.
// Each table has a queue of its own, so that tables do not wait for one another.
//
// Thread safety: none; the gatherer's mutex is held.
#ifndef RCUKV_CLIENTS_CPP_GET_QUEUE_H_
#define RCUKV_CLIENTS_CPP_GET_QUEUE_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "clients/cpp/deadline.h"
#include "clients/cpp/get_batch.h"

namespace rcukv::internal {

struct GatherLimits {
  // Of a table. One is enough to gather; with two, client and server work at the same
  // time. With more the calls are smaller, and nothing is gained.
  size_t calls_in_flight = 2;
  // When at least half full, in keys, bytes or expected bytes: these gain nothing by
  // waiting, and several threads of the server may work on them.
  size_t large_calls_in_flight = 16;
  // Of a call that is shared. Beyond a thousand keys a key's share in the cost of the
  // call is nothing.
  size_t keys = 1000;
  size_t request_bytes = 1 << 20;
  // Expected, by the newest answer's bytes a key. Large values gain nothing from sharing
  // a call, and would wait for one another.
  size_t answer_bytes = 1 << 20;
  // The server's default. Longer keys are asked for alone.
  size_t key_bytes = 4096;
};

class GetQueue;

// Some of a batch's keys, to be asked for in one call.
struct GetCall {
  GetQueue* queue = nullptr;
  std::shared_ptr<GetBatch> batch;
  GetRange range;
  // Nothing further may join.
  bool sealed = false;
  // Counted apart, from when it is in flight on.
  bool large = false;
  // It goes by a call of its own, not on a stream: it is part of a batch that was
  // refused, or a key that servers refuse as a rule, or nothing is gathered.
  bool unary = false;

  // Whose keys these are.
  size_t callers() const { return batch->CallersIn(range); }
};

using BatchVisitor = absl::FunctionRef<void(const std::shared_ptr<GetBatch>&)>;

class GetQueue {
 public:
  // Where a Get's outcome will be.
  struct Place {
    std::shared_ptr<GetBatch> batch;
    size_t place = 0;
  };

  GetQueue(std::string_view table, const GatherLimits& limits)
      : table_(table), limits_(limits) {}
  GetQueue(const GetQueue&) = delete;
  GetQueue& operator=(const GetQueue&) = delete;

  const std::string& table() const { return table_; }

  Place Join(const AskedKeys& keys, SteadyTime deadline);

  // Takes a call that may go out now; null when there is none. It is in flight until
  // Answered. Calls ahead of it that nobody waits for are dropped.
  std::unique_ptr<GetCall> Take();

  // The call is not in flight any more. `response_bytes` is 0 where there was none.
  void Answered(const GetCall& call, size_t response_bytes);

  // Queues the keys of `call`, which several callers share, again, ahead of all others.
  void AskAgainInHalves(const GetCall& call);

  // Takes a call that waits, whether it may go out or not; null when there is none.
  std::unique_ptr<GetCall> TakeAny();

  // Nothing waits and nothing is in flight.
  bool idle() const {
    return waiting_.empty() && calls_in_flight_ == 0 && large_calls_in_flight_ == 0;
  }

  // Of the batches that wait, in their order.
  void ForEach(BatchVisitor visit) const;

 private:
  GetCall& CallFor(const AskedKeys& keys);
  bool HasRoomFor(const GetCall& call, const AskedKeys& keys) const;
  bool IsLarge(const GetCall& call) const;
  bool MaySend(const GetCall& call) const;
  size_t SmallCallersWaiting() const;

  const std::string table_;
  const GatherLimits limits_;
  std::deque<std::unique_ptr<GetCall>> waiting_;
  size_t large_calls_in_flight_ = 0;
  // Of small calls.
  size_t calls_in_flight_ = 0;
  size_t callers_in_flight_ = 0;
  // Of small calls, callers under way of late.
  size_t concurrency_ = 0;
  size_t bytes_per_key_ = 0;
};

}  // namespace rcukv::internal

#endif  // RCUKV_CLIENTS_CPP_GET_QUEUE_H_
