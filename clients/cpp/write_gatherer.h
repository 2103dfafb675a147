// Internal to this library: has Puts and Deletes that are under way at the same time
// share calls.
//
//   WriteGatherer gatherer(connection, {});
//   absl::StatusOr<WriteOutcome> outcome = gatherer.Write(EncodePut("k", "v", {}), {});
//
// What a write costs is the call: tens of microseconds of CPU on both ends, where what
// the server does for it takes one or two. See write_queue.h for which go together, and
// when.
//
// Guarantees:
//   A. Every write is answered, once: with what the server says of it, or an error. One
//      that is refused does not touch its neighbours.
//   B. A write is sent once. Only where the server has refused a call as a whole, before
//   it
//      looked at any write of it, are they sent again, in smaller calls, down to a Put or
//      Delete of its own: a server that takes fewer writes in a call (INVALID_ARGUMENT),
//      or does not know BatchWrite (UNIMPLEMENTED).
//   C. A write ends at its deadline, while its call goes on until the latest of its
//      deadlines. One that was not sent yet is withdrawn, and does not happen; of others
//      the message says that they may. A call in flight that nobody waits for is
//      cancelled.
//   D. What waits to be sent is bounded in bytes; past it writes are refused.
//
// Who waits. A write that goes out alone is carried by its caller, who waits for it as
// for any call: no thread is woken for it. The answers of all other calls are taken by a
// thread of the gatherer's, made with the first of them. While none is due it sleeps
// where no event of gRPC's wakes it, so that it does not take those of Gets, whose
// callers would then have to be woken one by one.
//
// Thread safety: any number of threads.
#ifndef RCUKV_CLIENTS_CPP_WRITE_GATHERER_H_
#define RCUKV_CLIENTS_CPP_WRITE_GATHERER_H_

#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/cpp/connection.h"
#include "clients/cpp/write_batch.h"
#include "clients/cpp/write_queue.h"
#include "clients/cpp/write_wire.h"

namespace rcukv::internal {

class WriteGatherer {
 public:
  using Outcome = absl::StatusOr<WriteOutcome>;

  WriteGatherer(std::shared_ptr<Connection> connection, const WriteLimits& limits);

  // Ends the writes of WriteAsync that are under way with CANCELLED, and returns when
  // each `done` has returned, of which none may cause it. No Write may be in progress.
  ~WriteGatherer();

  WriteGatherer(const WriteGatherer&) = delete;
  WriteGatherer& operator=(const WriteGatherer&) = delete;

  // Waits for the outcome. RESOURCE_EXHAUSTED, besides the server's reasons: too much
  // waits in this client, and the write was not sent.
  Outcome Write(EncodedWrite request, std::optional<absl::Duration> timeout);

  // The same without waiting: `done` is called once, by the gatherer's thread, one at a
  // time; or, where too much waits, before this returns. It must not block, and may call
  // WriteAsync.
  void WriteAsync(EncodedWrite request, std::optional<absl::Duration> timeout,
                  WriteDone done);

  // What the writes take that wait to be sent.
  size_t waiting_bytes();

 private:
  class Event;
  class Flight;
  class Timer;
  using RawStub = grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer>;
  using Calls = std::vector<std::unique_ptr<WriteCall>>;
  // A `done` and what it is to be called with.
  using Callbacks = std::vector<std::pair<WriteDone, Outcome>>;

  // Those with the suffix Locked are called with the mutex held, all others without it.

  PendingWrite Pending(EncodedWrite request, std::optional<absl::Duration> timeout) const;
  absl::Status NoRoomLocked(const PendingWrite& write) const;

  // What may go out, as flights for Start: and apart the call that has `alone` and
  // nothing else, if it may. Null: there is no such.
  std::vector<Flight*> TakeSendableLocked(const WriteBatch* alone,
                                          std::unique_ptr<WriteCall>* own);
  void Start(const std::vector<Flight*>& flights);
  void Carry(std::unique_ptr<WriteCall> call);
  void TakeFlight(std::unique_ptr<Flight> flight);
  void TakeAnswer(std::unique_ptr<WriteCall> call, const grpc::Status& status,
                  const grpc::ByteBuffer& response);
  // True where the call is asked for again.
  bool AskAgainLocked(const WriteCall& call, const grpc::Status& status);
  void AnswerLocked(const WritePlace& place, WriteAnswer answer, Callbacks* callbacks);

  // Of callers that block.
  Outcome WaitFor(const WritePlace& place, SteadyTime deadline);
  Outcome GiveUp(const WritePlace& place);
  void GiveUpLocked(const WritePlace& place);
  void CancelIfUnwantedLocked(const WriteBatch& batch);

  Outcome OutcomeOf(const PendingWrite& write) const;
  absl::Status DeadlineExceeded(const PendingWrite& write) const;

  // Of WriteAsync.
  void ArmTimerLocked(SteadyTime deadline);
  void CancelTimerIfIdleLocked();
  void TakeTimer(Timer* timer);
  Callbacks TakeExpiredLocked();

  static void Run(Callbacks callbacks);

  // Of the thread.
  void ExpectEventsLocked(size_t events);
  void RunThread();
  // False: the gatherer is at its end.
  bool AwaitEventDue();

  const std::shared_ptr<Connection> connection_;
  RawStub stub_;
  grpc::CompletionQueue completions_;

  std::mutex mutex_;
  // Guarded by mutex_, down to the thread.
  WriteQueue queue_;
  // But those that are carried by their callers.
  std::vector<Flight*> in_flight_;
  // Of completions_: of flights and timers.
  size_t events_due_ = 0;
  bool stopping_ = false;
  // Writes of WriteAsync that are not answered.
  size_t async_waiting_ = 0;
  // For the earliest of their deadlines, or an earlier one; null when there is none.
  Timer* timer_ = nullptr;
  std::condition_variable event_due_or_stopping_;
  std::thread thread_;
};

}  // namespace rcukv::internal

#endif  // RCUKV_CLIENTS_CPP_WRITE_GATHERER_H_
