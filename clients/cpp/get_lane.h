// Internal to this library: carries one request for keys at a time to the server.
//
//   lane.Ask(request, keys, deadline, GetLane::Way::kStream);
//   completions.Next(&tag, &ok);              // tag is the lane's
//   if (lane.OnEvent(ok)) Use(lane.status(), lane.TakeResponse());
//
// A lane keeps a StreamBatchGet open, on which a question and its answer cost about half
// of a unary call. But a stream has no deadline for a message and ends at the first
// request that the server refuses, and it may have ended since the last answer, for one
// when the server was restarted. So it is a fast path only, and its status tells nothing:
// where a stream fails the same keys are asked for again by a unary call, Get or
// BatchGet, and what that one says counts. (Asking twice is harmless: Gets change
// nothing.) A lane whose streams go on failing where unary calls succeed gives up on
// them.
//
// Thread safety: Cancel may be called by any thread at any time. Ask and OnEvent are
// ordered by the caller; OnEvent follows the event that it is told of.
#ifndef RCUKV_CLIENTS_CPP_GET_LANE_H_
#define RCUKV_CLIENTS_CPP_GET_LANE_H_

#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>

#include "clients/cpp/deadline.h"
#include "clients/cpp/get_batch.h"

namespace rcukv::internal {

using RawStub = grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer>;

class GetLane {
 public:
  enum class Way { kStream, kUnary };

  // `stub` and `completions` outlive the lane; `tag` is what its events have.
  GetLane(RawStub* stub, grpc::CompletionQueue* completions, void* tag);
  // No request may be under way.
  ~GetLane();

  // Says that the next Ask is for another request: a Cancel from now on is of that one.
  void Reserve();

  // Sends a request for `keys` keys, of GetBatch::Request. `way` is how to begin.
  void Ask(grpc::ByteBuffer request, size_t keys, SteadyTime deadline, Way way);

  // Takes an event of this lane; true when the answer is there, and no event is due.
  bool OnEvent(bool ok);

  // The request that was reserved or asked for need not be answered: it ends soon, with
  // CANCELLED if not with an answer.
  void Cancel();

  const grpc::Status& status() const { return status_; }
  grpc::ByteBuffer TakeResponse() { return std::exchange(response_, {}); }
  GetBatch::Format format() const { return format_; }

 private:
  struct Stream;
  struct Unary;

  // With the mutex held.
  void AskOnStream();
  void OpenStream();
  void AskUnary();
  // These are true when the answer is there.
  bool OnStreamEvent(bool ok);
  bool OnStreamFailure();
  bool OnUnaryEvent();
  bool EndWith(const grpc::Status& status);

  RawStub* const stub_;
  grpc::CompletionQueue* const completions_;
  void* const tag_;

  // Of the answer; they belong to who takes the events.
  grpc::Status status_;
  grpc::ByteBuffer response_;
  GetBatch::Format format_ = GetBatch::Format::kBatchGetResponse;

  // Guards what is under way: a sender may still be in Ask when the answer is there.
  std::mutex mutex_;
  // Guarded by mutex_.
  grpc::ByteBuffer request_;
  size_t keys_ = 0;
  SteadyTime deadline_;
  bool cancelled_ = false;
  // Whether it was asked on a stream, in vain.
  bool stream_failed_ = false;
  // Streams in a row that failed where unary calls did not.
  int stream_failures_ = 0;
  // Open from the first Ask on.
  std::unique_ptr<Stream> stream_;
  // Open while it is under way.
  std::unique_ptr<Unary> unary_;
};

}  // namespace rcukv::internal

#endif  // RCUKV_CLIENTS_CPP_GET_LANE_H_
