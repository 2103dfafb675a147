#include "clients/cpp/get_gatherer.h"

#include <algorithm>
#include <utility>

#include "clients/cpp/futex.h"
#include "clients/cpp/get_gatherer_events.h"

namespace rcukv::internal {
namespace {

// Queues are kept when they are idle, for what they know of their table.
constexpr size_t kIdleQueuesMax = 100;

// An open stream that nothing goes through takes one of the calls that a server allows a
// connection at a time, thousands as a rule. So only so many lanes keep one.
constexpr size_t kStreamsMax = 64;

// Whether a batch's refusal may be due to some of its keys, or to their number. A table
// that is not there, a server that is not, or has had enough: they are the same for all.
bool MayConcernSome(const grpc::Status& status) {
  switch (status.error_code()) {
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::OUT_OF_RANGE:
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::UNKNOWN:
      return true;
    default:
      return false;
  }
}

}  // namespace

GetGatherer::GetGatherer(std::shared_ptr<Connection> connection,
                         const GatherLimits& limits)
    : connection_(std::move(connection)),
      limits_(limits),
      stub_(connection_->channel()) {}

// --- Out and in.

GetQueue& GetGatherer::QueueOfLocked(const std::string& table) {
  std::unique_ptr<GetQueue>& queue = queues_[table];
  if (queue == nullptr) queue = std::make_unique<GetQueue>(table, limits_);
  return *queue;
}

// Names of tables come from callers; there may be any number of them.
void GetGatherer::ForgetIdleQueueLocked(const std::string& table) {
  if (queues_.size() <= kIdleQueuesMax) return;
  const auto queue = queues_.find(table);
  if (queue->second->idle()) queues_.erase(queue);
}

void GetGatherer::ForEachWaitingLocked(BatchVisitor visit) {
  for (const auto& [table, queue] : queues_) queue->ForEach(visit);
}

GetGatherer::Lanes GetGatherer::TakeSendableLocked(GetQueue* queue) {
  Lanes lanes;
  if (cancelled_) CancelWaitingLocked(queue);
  while (std::unique_ptr<GetCall> call = queue->Take()) {
    if (idle_.empty()) {
      lanes_.push_back(std::make_unique<Lane>(this, lanes_.size() < kStreamsMax));
      idle_.push_back(lanes_.back().get());
    }
    Lane* const lane = idle_.back();
    idle_.pop_back();
    lane->call = std::move(call);
    lane->lane.Reserve();
    in_flight_.push_back(lane);
    lanes.push_back(lane);
  }
  return lanes;
}

void GetGatherer::Send(const Lanes& lanes) {
  for (Lane* lane : lanes) {
    const GetCall& call = *lane->call;
    const bool stream = lane->may_stream && !call.unary;
    lane->lane.Ask(call.batch->Request(call.range), call.range.size(),
                   call.batch->deadline,
                   stream ? GetLane::Way::kStream : GetLane::Way::kUnary);
  }
}

void GetGatherer::TakeEvent(void* tag, bool ok) { static_cast<Event*>(tag)->Take(ok); }

void GetGatherer::TakeAnswer(Lane* lane) {
  const std::shared_ptr<GetBatch> batch = lane->call->batch;
  const grpc::ByteBuffer response = lane->lane.TakeResponse();
  grpc::Status status = lane->lane.status();
  if (status.ok()) {
    status = batch->Answer(lane->call->range, response, lane->lane.format());
  }
  Lanes lanes;
  bool wake;
  {
    std::lock_guard lock(mutex_);
    const std::unique_ptr<GetCall> call = std::move(lane->call);
    in_flight_.erase(std::find(in_flight_.begin(), in_flight_.end(), lane));
    // Those with an open stream are taken first, and of them the last one.
    idle_.insert(lane->may_stream ? idle_.end() : idle_.begin(), lane);
    SettleLocked(*call, status, status.ok() ? response.Length() : 0);
    // The one who polls is awake.
    wake = batch->complete() && batch->sleepers > (polls_for_ == batch.get() ? 1u : 0u);
    lanes = TakeSendableLocked(call->queue);
    ForgetIdleQueueLocked(call->queue->table());
  }
  Send(lanes);
  if (wake) FutexWakeAll(batch->phase());
}

void GetGatherer::SettleLocked(const GetCall& call, const grpc::Status& status,
                               size_t response_bytes) {
  call.queue->Answered(call, response_bytes);
  if (!status.ok()) {
    const bool shared = call.batch->MiddleOf(call.range) < call.range.last;
    if (shared && MayConcernSome(status) && !cancelled_) {
      return call.queue->AskAgainInHalves(call);
    }
    call.batch->Fail(call.range, status);
  }
  if (call.batch->complete()) FinishLocked(call.batch);
}

void GetGatherer::FinishLocked(const std::shared_ptr<GetBatch>& batch) {
  async_waiting_ -= batch->async_waiting;
  if (batch->async_waiting > 0) {
    finished_.push_back(batch);
    wake_background_.notify_one();
  }
  batch->Finish();
}

absl::Status GetGatherer::StatusOf(const GetBatch& batch, size_t place, const char* call,
                                   Timeout timeout) const {
  const grpc::Status* error = batch.error(place);
  return error == nullptr ? absl::OkStatus()
                          : connection_->ToStatus(*error, call, timeout);
}

absl::Status GetGatherer::DeadlineExceeded(const char* call, Timeout timeout) const {
  return connection_->ToStatus({grpc::StatusCode::DEADLINE_EXCEEDED, ""}, call, timeout);
}

// --- Callers that block.

GetGatherer::Result GetGatherer::Get(std::string_view key, const ReadOptions& options) {
  const absl::StatusOr<GetQueue::Place> answer = Ask("Get", AskedKeys(key), options);
  if (!answer.ok()) return answer.status();
  return answer->batch->ValueOf(answer->place);
}

GetGatherer::Results GetGatherer::BatchGet(absl::Span<const std::string> keys,
                                           const ReadOptions& options) {
  const absl::StatusOr<GetQueue::Place> answer =
      Ask("BatchGet", AskedKeys(keys), options);
  if (!answer.ok()) return answer.status();
  return GetBatch::ValuesOf(answer->batch, answer->place, keys.size());
}

absl::StatusOr<GetQueue::Place> GetGatherer::Ask(const char* call, const AskedKeys& keys,
                                                 const ReadOptions& options) {
  const SteadyTime deadline = connection_->DeadlineOf(options.timeout);
  GetQueue::Place asked;
  Lanes lanes;
  bool poll;
  {
    std::lock_guard lock(mutex_);
    GetQueue& queue = QueueOfLocked(options.table);
    asked = queue.Join(keys, deadline);
    ++asked.batch->sleepers;
    lanes = TakeSendableLocked(&queue);
    poll = !std::exchange(polling_, true);
    if (poll) polls_for_ = asked.batch.get();
  }
  Send(lanes);
  GetBatch* const batch = asked.batch.get();
  const bool finished = poll ? PollFor(batch, deadline) : WaitFor(batch, deadline);
  if (!finished) return DeadlineExceeded(call, options.timeout);
  batch->ReadUnread();
  absl::Status status = StatusOf(*batch, asked.place, call, options.timeout);
  if (!status.ok()) return status;
  return asked;
}

bool GetGatherer::WaitFor(GetBatch* batch, SteadyTime deadline) {
  std::atomic<uint32_t>& phase = batch->phase();
  while (!batch->finished()) {
    // acquire; pairs with the store in PassPollingLocked: the poller before may have read
    // half of this batch's answers, and this one may read the others.
    uint32_t wanted = GetBatch::kPollerWanted;
    if (phase.compare_exchange_strong(wanted, GetBatch::kWaiting,
                                      std::memory_order_acquire)) {
      {
        std::lock_guard lock(mutex_);
        polls_for_ = batch;
      }
      return PollFor(batch, deadline);
    }
    if (SteadyClock::now() >= deadline) return GiveUp(batch);
    FutexWaitUntil(phase, GetBatch::kWaiting, deadline);
  }
  return true;
}

// Polling is this caller's; in the end it is somebody else's or nobody's.
bool GetGatherer::PollFor(GetBatch* batch, SteadyTime deadline) {
  const gpr_timespec until = ToGpr(deadline);
  void* tag;
  bool ok;
  // Where there is always an event, AsyncNext does not look at the time.
  while (!batch->finished() && SteadyClock::now() < deadline &&
         completions_.AsyncNext(&tag, &ok, until) == grpc::CompletionQueue::GOT_EVENT) {
    TakeEvent(tag, ok);
  }
  // Nobody else finishes batches while this caller polls.
  const bool finished = batch->finished();
  std::shared_ptr<GetBatch> next;
  {
    std::lock_guard lock(mutex_);
    if (!finished) LeaveLocked(batch);
    next = PassPollingLocked();
  }
  if (next != nullptr) FutexWake(next->phase(), 1);
  return finished;
}

bool GetGatherer::GiveUp(GetBatch* batch) {
  std::shared_ptr<GetBatch> next;
  {
    std::lock_guard lock(mutex_);
    if (batch->finished()) return true;
    LeaveLocked(batch);
    // The one who was woken to poll may be this one.
    uint32_t wanted = GetBatch::kPollerWanted;
    if (batch->phase().compare_exchange_strong(wanted, GetBatch::kWaiting,
                                               std::memory_order_relaxed)) {
      next = PassPollingLocked();
    }
  }
  if (next != nullptr) FutexWake(next->phase(), 1);
  return false;
}

void GetGatherer::LeaveLocked(GetBatch* batch) {
  --batch->sleepers;
  CancelIfUnwantedLocked(*batch);
}

std::shared_ptr<GetBatch> GetGatherer::PassPollingLocked() {
  polling_ = false;
  polls_for_ = nullptr;
  if (in_flight_.empty()) return nullptr;
  if (async_waiting_ > 0) {
    AskBackgroundToPollLocked();
    return nullptr;
  }
  std::shared_ptr<GetBatch> next;
  const auto consider = [&](const std::shared_ptr<GetBatch>& batch) {
    if (batch->sleepers > 0) next = batch;
  };
  // A sleeper of the newest call has the longest way to go.
  for (Lane* lane : in_flight_) consider(lane->call->batch);
  // All calls in flight have been given up, but not those behind them.
  if (next == nullptr) ForEachWaitingLocked(consider);
  if (next != nullptr) {
    polling_ = true;
    // release; pairs with the exchange in WaitFor.
    next->phase().store(GetBatch::kPollerWanted, std::memory_order_release);
  }
  return next;
}

void GetGatherer::CancelIfUnwantedLocked(const GetBatch& batch) {
  if (batch.wanted()) return;
  for (Lane* lane : in_flight_) {
    if (lane->call->batch.get() == &batch) lane->lane.Cancel();
  }
}

}  // namespace rcukv::internal
