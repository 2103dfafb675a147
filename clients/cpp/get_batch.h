// Internal to this library: Gets of one table that go to the server together.
//
// A batch is filled, asked for, answered and read:
//
//   size_t place = batch.Add(key);
//   lane.Ask(batch.Request(batch.all()), ...);
//   batch.Answer(batch.all(), response, GetBatch::Format::kBatch);
//   batch.Finish();                    // every key has its answer
//   batch.outcome(place);              // by each caller, at the same time if they like
//
// What a caller reads points into the response: its value is copied once, by itself.
//
// Callers sleep on one word, phase(), so that one system call wakes them all.
//
// Thread safety: after Finish, outcome() and the destructor of a shared_ptr may be called
// by all callers at once. phase() may be read at any time. Everything else belongs to the
// gatherer, which orders it by its mutex and by who polls.
#ifndef RCUKV_CLIENTS_CPP_GET_BATCH_H_
#define RCUKV_CLIENTS_CPP_GET_BATCH_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>
#include <grpcpp/support/status.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/cpp/entry.h"
#include "clients/cpp/get_wire.h"

namespace rcukv::internal {

// Places first to last - 1 of a batch's keys.
struct GetRange {
  size_t first = 0;
  size_t last = 0;

  size_t size() const { return last - first; }
};

class GetBatch {
 public:
  enum Phase : uint32_t {
    kWaiting,
    // One of the sleepers has to see to the answers; see get_gatherer.h.
    kPollerWanted,
    // Every key has its answer. Final.
    kFinished,
  };

  // The message in which an answer comes.
  enum class Format { kGetResponse, kBatchGetResponse };

  // Either there is an error, or the result is the server's.
  struct Outcome {
    const grpc::Status* error = nullptr;
    GetResult result;
  };

  explicit GetBatch(std::string_view table);
  GetBatch(const GetBatch&) = delete;
  GetBatch& operator=(const GetBatch&) = delete;

  size_t size() const { return key_ends_.size(); }
  GetRange all() const { return {0, size()}; }

  // Returns the key's place.
  size_t Add(std::string_view key);

  // Of all keys, in bytes.
  size_t request_bytes() const { return request_.size(); }

  // A BatchGetRequest for some of the keys, which is a GetRequest where it is one.
  grpc::ByteBuffer Request(GetRange range) const;

  // Takes the answer to Request(range); from the first one on no key may be added. Not
  // OK, and nothing taken, where it is none.
  grpc::Status Answer(GetRange range, const grpc::ByteBuffer& response, Format format);
  // The same where there is none, because of `status`.
  void Fail(GetRange range, const grpc::Status& status);
  // Whether every key has its answer.
  bool complete() const { return answered_ == size(); }

  // [B1] release; pairs with [B2]: who sees that the batch is finished sees its outcomes.
  void Finish() { phase_.store(kFinished, std::memory_order_release); }
  // [B2] acquire; pairs with [B1].
  bool finished() const { return phase_.load(std::memory_order_acquire) == kFinished; }

  const Outcome& outcome(size_t place) const { return outcomes_[place]; }

  std::atomic<uint32_t>& phase() { return phase_; }

  // --- Who waits for it; the gatherer's.

  using Done = absl::AnyInvocable<void(absl::StatusOr<std::optional<Value>>)>;

  // A Get whose caller does not block.
  struct AsyncGet {
    size_t place = 0;
    absl::Time deadline;
    std::optional<absl::Duration> timeout;
    Done done;
    bool answered = false;
  };

  // The latest of its Gets'.
  absl::Time deadline = absl::InfinitePast();
  // Callers that block and have not given up.
  size_t sleepers = 0;
  std::vector<AsyncGet> async_gets;
  // Of async_gets, those not answered.
  size_t async_waiting = 0;

  bool wanted() const { return sleepers + async_waiting > 0; }

 private:
  std::string request_;  // The table's field, then the keys'.
  const size_t keys_begin_;
  std::vector<size_t> key_ends_;

  std::vector<Outcome> outcomes_;
  size_t answered_ = 0;
  // What outcomes_ points into; a deque does not move what it holds.
  std::deque<grpc::Slice> responses_;
  std::deque<grpc::Status> errors_;

  std::atomic<uint32_t> phase_{kWaiting};
};

}  // namespace rcukv::internal

#endif  // RCUKV_CLIENTS_CPP_GET_BATCH_H_
