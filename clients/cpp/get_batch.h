// Internal to this library: Gets and BatchGets of one table that go to the server
// together.
//
// A batch is filled, asked for, answered and read:
//
//   size_t place = batch.Add(AskedKeys(key));
//   lane.Ask(batch.Request(batch.all()), ...);
//   batch.Answer(batch.all(), response, GetBatch::Format::kBatchGetResponse);
//   batch.Finish();                    // every key has its answer
//   batch.ReadUnread();                // by each caller, at the same time if they like
//   batch.ValueOf(place);
//
// What a caller reads points into the response, and a BatchGet's caller keeps it like
// that (values.h); a response that came in several pieces is put together first. Where
// there is one caller it reads the response itself, as it may be large, and others wait
// for whoever polls.
//
// Callers sleep on one word, phase(), so that one system call wakes them all.
//
// Thread safety: after Finish, ReadUnread, error(), ValueOf, ValuesOf and the destructor
// of a shared_ptr may be called by all callers at once. phase() may be read at any time.
// Everything else belongs to the gatherer, which orders it by its mutex and by who polls.
#ifndef RCUKV_CLIENTS_CPP_GET_BATCH_H_
#define RCUKV_CLIENTS_CPP_GET_BATCH_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>
#include <grpcpp/support/status.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "clients/cpp/deadline.h"
#include "clients/cpp/entry.h"
#include "clients/cpp/get_wire.h"
#include "clients/cpp/values.h"

namespace rcukv::internal {

// What one caller asks for: the key of a Get, or the keys of a BatchGet.
class AskedKeys {
 public:
  explicit AskedKeys(std::string_view key);
  // At least one.
  explicit AskedKeys(absl::Span<const std::string> keys);

  size_t count() const { return count_; }
  // As fields of a BatchGetRequest; and of a GetRequest, where it is one key.
  const std::string& fields() const { return fields_; }

  // Of the shortest key and the longest, in bytes.
  size_t shortest() const { return shortest_; }
  size_t longest() const { return longest_; }

 private:
  const size_t count_;
  size_t shortest_;
  size_t longest_;
  std::string fields_;
};

// Places first to last - 1 of a batch's keys: those of some callers, each with all of its
// keys.
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

  explicit GetBatch(std::string_view table);
  GetBatch(const GetBatch&) = delete;
  GetBatch& operator=(const GetBatch&) = delete;

  // In keys.
  size_t size() const { return callers_.empty() ? 0 : callers_.back().keys_end; }
  GetRange all() const { return {0, size()}; }

  // Returns the place of the first key; the others follow.
  size_t Add(const AskedKeys& keys);

  // Whose keys they are.
  size_t CallersIn(GetRange range) const {
    return CallersUntil(range.last) - CallersUntil(range.first);
  }

  // Of all keys, in bytes.
  size_t request_bytes() const { return request_.size(); }

  // Where to cut `range` so that each caller keeps its keys together, as near to the
  // middle as may be; range.last where it has the keys of one caller.
  size_t MiddleOf(GetRange range) const;

  // A BatchGetRequest for some of the keys, which is a GetRequest where it is one.
  grpc::ByteBuffer Request(GetRange range) const;

  // Takes the answer to Request(range); from the first one on nothing may be added. Not
  // OK, and nothing taken, where it is none and there are several callers.
  grpc::Status Answer(GetRange range, const grpc::ByteBuffer& response, Format format);
  // The same where there is none, because of `status`.
  void Fail(GetRange range, const grpc::Status& status);
  // Whether every key has its answer.
  bool complete() const { return answered_ == size(); }

  // [B1] release; pairs with [B2]: who sees that the batch is finished sees its results.
  void Finish() { phase_.store(kFinished, std::memory_order_release); }
  // [B2] acquire; pairs with [B1].
  bool finished() const { return phase_.load(std::memory_order_acquire) == kFinished; }

  // For those below.
  void ReadUnread();
  // Why there is no result; null where there is one. The same for all keys of a caller.
  const grpc::Status* error(size_t place) const;
  // The result, copied; nothing where there is no such key.
  std::optional<Value> ValueOf(size_t place) const;
  // Those of a caller with so many keys, which keep the batch.
  static Values ValuesOf(std::shared_ptr<const GetBatch> batch, size_t place,
                         size_t keys);

  std::atomic<uint32_t>& phase() { return phase_; }

  // --- Who waits for it; the gatherer's.

  using Done = absl::AnyInvocable<void(absl::StatusOr<std::optional<Value>>)>;
  using BatchDone = absl::AnyInvocable<void(absl::StatusOr<Values>)>;

  // A Get or BatchGet whose caller does not block.
  struct AsyncGet {
    size_t place = 0;
    size_t keys = 0;
    SteadyTime deadline;
    std::optional<absl::Duration> timeout;
    std::variant<Done, BatchDone> done;
    bool answered = false;
  };

  // The latest of its callers'.
  SteadyTime deadline = SteadyTime::min();
  // Callers that block and have not given up.
  size_t sleepers = 0;
  std::vector<AsyncGet> async_gets;
  // Of async_gets, those not answered.
  size_t async_waiting = 0;

  bool wanted() const { return sleepers + async_waiting > 0; }

 private:
  // Where a caller's keys end, among the keys and in the request.
  struct Caller {
    size_t keys_end;
    size_t bytes_end;
  };
  struct Error {
    GetRange range;
    grpc::Status status;
  };

  grpc::Status Read(GetRange range, const grpc::ByteBuffer& response, Format format);
  // Of the callers whose keys end at `place` or before it.
  size_t CallersUntil(size_t place) const;
  // In the request.
  size_t BytesUntil(size_t place) const;

  std::string request_;  // The table's field, then the keys'.
  const size_t keys_begin_;
  std::vector<Caller> callers_;

  // By place.
  std::vector<GetResult> results_;
  size_t answered_ = 0;
  // What results_ points into; a list does not move what it holds.
  std::forward_list<grpc::Slice> responses_;
  // The answer to a single caller, if it has not read it.
  grpc::ByteBuffer unread_;
  Format unread_format_ = Format::kGetResponse;
  std::vector<Error> errors_;

  std::atomic<uint32_t> phase_{kWaiting};
};

}  // namespace rcukv::internal

#endif  // RCUKV_CLIENTS_CPP_GET_BATCH_H_
