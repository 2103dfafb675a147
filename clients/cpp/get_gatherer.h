// Internal to this library: has Gets and BatchGets that are under way at the same time
// share calls. What follows says Get for both.
//
//   GetGatherer gatherer(connection, {});
//   absl::StatusOr<std::optional<Value>> value = gatherer.Get("colour", {});
//
// What a Get costs is the call: tens of microseconds of CPU for a unary call, half of
// that for a message on an open stream, and well under one for the lookup. So callers who
// would each make a call of their own make one together: see get_queue.h for when,
// get_lane.h for how it is carried.
//
// Guarantees:
//   A. Every Get is answered, once: with what the server says, or an error.
//   B. A Get joins only batches that have not been sent. So it sees every write that was
//      answered before it began, as a call of its own would.
//   C. A Get ends at its deadline, while its batch goes on until the latest of its
//      deadlines. A call in flight that nobody waits for is cancelled.
//   D. What is refused to a batch is not refused to its Gets: the batch is asked for
//      again in halves, down to single Gets and BatchGets, each with an outcome of its
//      own; such as when one key is too long, or the answer too large for all together.
//   E. Where something is in flight that somebody waits for, somebody polls, or has been
//      asked to: polling_.
//
// Who polls. The events of a completion queue are taken by whoever waits in it. A thread
// for this alone would cost a lone caller two context switches a Get, about as much as
// the rest of it. So one of the callers that block does it for all, while the others
// sleep. When it has its own answer it passes polling on to a sleeper of a batch in
// flight, by way of that batch's phase. GetAsync leaves no caller behind; for it there is
// a thread, started with the first GetAsync, that polls while there are such Gets, and
// calls back. Calls in flight that everybody has given up are left to the next Get or the
// destructor.
//
// Thread safety: any number of threads.
#ifndef RCUKV_CLIENTS_CPP_GET_GATHERER_H_
#define RCUKV_CLIENTS_CPP_GET_GATHERER_H_

#include <grpcpp/completion_queue.h>

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "clients/cpp/connection.h"
#include "clients/cpp/deadline.h"
#include "clients/cpp/entry.h"
#include "clients/cpp/get_batch.h"
#include "clients/cpp/get_lane.h"
#include "clients/cpp/get_queue.h"
#include "clients/cpp/options.h"
#include "clients/cpp/values.h"

namespace rcukv::internal {

class GetGatherer {
 public:
  using Result = absl::StatusOr<std::optional<Value>>;
  using Results = absl::StatusOr<Values>;
  using Done = GetBatch::Done;
  using BatchDone = GetBatch::BatchDone;

  GetGatherer(std::shared_ptr<Connection> connection, const GatherLimits& limits);

  // Cancels the Gets of GetAsync that are under way, and waits until they are answered.
  // No Get may be in progress.
  ~GetGatherer();

  // As that of Client; any thread, while there is the gatherer.
  void Cancel();

  // As those of Client.
  Result Get(std::string_view key, const ReadOptions& options);
  // At least one key.
  Results BatchGet(absl::Span<const std::string> keys, const ReadOptions& options);
  void GetAsync(std::string_view key, const ReadOptions& options, Done done);
  void BatchGetAsync(absl::Span<const std::string> keys, const ReadOptions& options,
                     BatchDone done);

 private:
  using Timeout = std::optional<absl::Duration>;
  class Event;
  class Lane;
  class Timer;
  using Lanes = absl::InlinedVector<Lane*, 2>;

  // Those with the suffix Locked are called with the mutex held, all others without it.

  GetQueue& QueueOfLocked(const std::string& table);
  void ForgetIdleQueueLocked(const std::string& table);
  void ForEachWaitingLocked(BatchVisitor visit);
  // Puts in flight what may be. The lanes are for Send.
  Lanes TakeSendableLocked(GetQueue* queue);
  void CancelWaitingLocked(GetQueue* queue);
  static void Send(const Lanes& lanes);

  void TakeEvent(void* tag, bool ok);
  void TakeAnswer(Lane* lane);
  void SettleLocked(const GetCall& call, const grpc::Status& status,
                    size_t response_bytes);
  void FinishLocked(const std::shared_ptr<GetBatch>& batch);
  // OK, or what `call` failed with, whose keys begin at `place`.
  absl::Status StatusOf(const GetBatch& batch, size_t place, const char* call,
                        Timeout timeout) const;
  absl::Status DeadlineExceeded(const char* call, Timeout timeout) const;

  // Of callers that block. Where the results are; DEADLINE_EXCEEDED, or what else `call`
  // failed with.
  absl::StatusOr<GetQueue::Place> Ask(const char* call, const AskedKeys& keys,
                                      const ReadOptions& options);
  // True when the batch is finished; false when the caller has
  // given it up, and must not look at it any more: it ends somehow.
  bool WaitFor(GetBatch* batch, SteadyTime deadline);
  bool PollFor(GetBatch* batch, SteadyTime deadline);
  bool GiveUp(GetBatch* batch);
  void LeaveLocked(GetBatch* batch);
  // Returns whose sleepers to wake one of; null for nobody.
  std::shared_ptr<GetBatch> PassPollingLocked();
  void CancelIfUnwantedLocked(const GetBatch& batch);

  // Of GetAsync, BatchGetAsync and their thread.
  void AskAsync(const AskedKeys& keys, const ReadOptions& options,
                std::variant<Done, BatchDone> done);
  void CallBack(GetBatch::AsyncGet& get, const std::shared_ptr<GetBatch>& batch) const;
  void CallBack(GetBatch::AsyncGet& get, const absl::Status& error) const;
  void RunBackground();
  void PollInBackground();
  bool KeepsPolling();
  void AskBackgroundToPollLocked();
  void CallBackFinished();
  void ArmTimerLocked(SteadyTime deadline);
  void TakeTimer(Timer* timer);
  void CallBackExpired();
  std::vector<GetBatch::AsyncGet> TakeExpired();

  const std::shared_ptr<Connection> connection_;
  const GatherLimits limits_;
  RawStub stub_;
  grpc::CompletionQueue completions_;

  std::mutex mutex_;
  // Guarded by mutex_, down to the thread.
  // By table.
  absl::flat_hash_map<std::string, std::unique_ptr<GetQueue>> queues_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::vector<Lane*> idle_;
  std::vector<Lane*> in_flight_;
  // Somebody polls, or has been asked to.
  bool polling_ = false;
  // The batch of the caller that blocks and polls; null where it is nobody, or the
  // thread.
  const GetBatch* polls_for_ = nullptr;
  bool stopping_ = false;
  // What is under way ends, and what is asked for from now on.
  bool cancelled_ = false;
  // Gets of GetAsync that are not answered.
  size_t async_waiting_ = 0;
  // For the earliest of their deadlines, or an earlier one; null when there is none.
  Timer* timer_ = nullptr;
  // What their thread is to do.
  bool background_polls_ = false;
  bool expire_ = false;
  std::vector<std::shared_ptr<GetBatch>> finished_;
  std::condition_variable wake_background_;
  std::thread background_;
};

}  // namespace rcukv::internal

#endif  // RCUKV_CLIENTS_CPP_GET_GATHERER_H_
