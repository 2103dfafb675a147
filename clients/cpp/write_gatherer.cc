#include "clients/cpp/write_gatherer.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "clients/cpp/futex.h"
#include "clients/cpp/write_gatherer_events.h"

namespace rcukv::internal {
namespace {

// The stub wants std::string.
const std::string& PutMethod() {
  static const auto& name = *new std::string("/rcukv.v1.KeyValueService/Put");
  return name;
}
const std::string& DeleteMethod() {
  static const auto& name = *new std::string("/rcukv.v1.KeyValueService/Delete");
  return name;
}
const std::string& BatchWriteMethod() {
  static const auto& name = *new std::string("/rcukv.v1.KeyValueService/BatchWrite");
  return name;
}

const PendingWrite& FirstOf(const WriteCall& call) {
  return call.batch->writes[call.places[0]];
}

// A single write goes by the call of its own.
const std::string& MethodOf(const WriteCall& call) {
  if (call.places.size() > 1) return BatchWriteMethod();
  return FirstOf(call).request.is_delete ? DeleteMethod() : PutMethod();
}

grpc::ByteBuffer RequestOf(const WriteCall& call) {
  std::string batch;
  if (call.places.size() > 1) {
    batch.reserve(call.bytes);
    for (const size_t place : call.places) {
      AppendToBatch(call.batch->writes[place].request, &batch);
    }
  }
  const std::string& bytes = call.places.size() > 1 ? batch : FirstOf(call).request.bytes;
  const grpc::Slice slice(bytes.data(), bytes.size());
  return grpc::ByteBuffer(&slice, 1);
}

// One for each write of the call.
std::vector<WriteAnswer> AnswersTo(const WriteCall& call, grpc::Status status,
                                   const grpc::ByteBuffer& response) {
  if (status.ok() && call.places.size() == 1) {
    return {ReadAnswer(FirstOf(call).request.is_delete, response)};
  }
  std::vector<WriteAnswer> answers;
  if (status.ok()) status = ReadAnswers(response, call.places.size(), &answers);
  if (!status.ok()) answers.assign(call.places.size(), {.status = status});
  return answers;
}

const char* NameOf(const PendingWrite& write) {
  return write.request.is_delete ? "Delete" : "Put";
}

}  // namespace

void WriteGatherer::Flight::Start(grpc::CompletionQueue* completions, void* tag) {
  entry_.emplace(gatherer_->connection_->open_calls(), context_);
  const SteadyTime deadline = call->deadline();
  if (deadline != kNever) {
    context_.set_deadline(ToGpr(deadline));
  }
  reader_ = gatherer_->stub_.PrepareUnaryCall(&context_, MethodOf(*call),
                                              RequestOf(*call), completions);
  reader_->StartCall();
  reader_->Finish(&response, &status, tag);
}

WriteGatherer::WriteGatherer(std::shared_ptr<Connection> connection,
                             const WriteLimits& limits)
    : connection_(std::move(connection)), stub_(connection_->channel()), queue_(limits) {}

// --- Out and in.

PendingWrite WriteGatherer::Pending(EncodedWrite request,
                                    std::optional<absl::Duration> timeout) const {
  return {.request = std::move(request),
          .deadline = connection_->DeadlineOf(timeout),
          .timeout = timeout};
}

absl::Status WriteGatherer::NoRoomLocked(const PendingWrite& write) const {
  if (queue_.HasRoomFor(BatchedBytes(write.request))) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat(
      NameOf(write), ": too many writes wait in this client: ", queue_.waiting_bytes(),
      " bytes, limit ", queue_.limits().waiting_bytes, "; the write was not sent"));
}

size_t WriteGatherer::waiting_bytes() {
  std::lock_guard lock(mutex_);
  return queue_.waiting_bytes();
}

std::vector<WriteGatherer::Flight*> WriteGatherer::TakeSendableLocked(
    const WriteBatch* alone, std::unique_ptr<WriteCall>* own) {
  std::vector<Flight*> flights;
  if (stopping_) return flights;
  while (std::unique_ptr<WriteCall> call = queue_.Take()) {
    if (call->batch.get() == alone && call->places.size() == 1) {
      *own = std::move(call);
      continue;
    }
    flights.push_back(new Flight(this, std::move(call)));
    in_flight_.push_back(flights.back());
  }
  if (!flights.empty()) ExpectEventsLocked(flights.size());
  return flights;
}

void WriteGatherer::Start(const std::vector<Flight*>& flights) {
  for (Flight* flight : flights) flight->Start();
}

void WriteGatherer::Carry(std::unique_ptr<WriteCall> call) {
  Flight flight(this, std::move(call));
  grpc::CompletionQueue completions;
  flight.Start(&completions, /*tag=*/nullptr);
  void* tag;
  bool ok;
  completions.Next(&tag, &ok);
  TakeAnswer(std::move(flight.call), flight.status, flight.response);
}

void WriteGatherer::TakeFlight(std::unique_ptr<Flight> flight) {
  {
    std::lock_guard lock(mutex_);
    --events_due_;
    in_flight_.erase(std::find(in_flight_.begin(), in_flight_.end(), flight.get()));
  }
  TakeAnswer(std::move(flight->call), flight->status, flight->response);
}

void WriteGatherer::TakeAnswer(std::unique_ptr<WriteCall> call,
                               const grpc::Status& status,
                               const grpc::ByteBuffer& response) {
  std::vector<WriteAnswer> answers = AnswersTo(*call, status, response);
  const std::shared_ptr<WriteBatch> batch = call->batch;
  Callbacks callbacks;
  std::vector<Flight*> flights;
  bool finished;
  {
    std::lock_guard lock(mutex_);
    queue_.Answered(*call);
    if (!AskAgainLocked(*call, status)) {
      for (size_t i = 0; i < answers.size(); ++i) {
        AnswerLocked({batch, call->places[i]}, std::move(answers[i]), &callbacks);
      }
    }
    finished = batch->finished();
    CancelTimerIfIdleLocked();
    flights = TakeSendableLocked(/*alone=*/nullptr, /*own=*/nullptr);
  }
  Start(flights);
  if (finished) FutexWakeAll(batch->phase);
  Run(std::move(callbacks));
}

bool WriteGatherer::AskAgainLocked(const WriteCall& call, const grpc::Status& status) {
  const size_t writes = call.places.size();
  if (writes == 1 || stopping_) return false;
  switch (status.error_code()) {
    case grpc::StatusCode::INVALID_ARGUMENT:
      queue_.AskAgain(call, writes / 2);
      return true;
    case grpc::StatusCode::UNIMPLEMENTED:
      queue_.AskAgain(call, 1);
      return true;
    default:
      return false;
  }
}

void WriteGatherer::AnswerLocked(const WritePlace& place, WriteAnswer answer,
                                 Callbacks* callbacks) {
  PendingWrite& write = place.write();
  write.answered = true;
  write.answer = std::move(answer);
  write.request.bytes = {};
  if (write.done != nullptr) {
    callbacks->emplace_back(std::exchange(write.done, nullptr), OutcomeOf(write));
    --async_waiting_;
  }
  if (--place.batch->unanswered == 0) place.batch->Finish();
}

WriteGatherer::Outcome WriteGatherer::OutcomeOf(const PendingWrite& write) const {
  const WriteAnswer& answer = write.answer;
  if (answer.status.ok()) {
    return WriteOutcome{.revision = answer.revision, .existed = answer.existed};
  }
  if (answer.status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return DeadlineExceeded(write);
  }
  return connection_->ToStatus(answer.status, NameOf(write), write.timeout);
}

absl::Status WriteGatherer::DeadlineExceeded(const PendingWrite& write) const {
  const absl::Status status = connection_->ToStatus(
      {grpc::StatusCode::DEADLINE_EXCEEDED, ""}, NameOf(write), write.timeout);
  return absl::DeadlineExceededError(absl::StrCat(
      status.message(), write.sent ? "; the write may have happened, or may still happen"
                                   : "; the write was not sent, and does not happen"));
}

// --- Callers that block.

WriteGatherer::Outcome WriteGatherer::Write(EncodedWrite request,
                                            std::optional<absl::Duration> timeout) {
  PendingWrite write = Pending(std::move(request), timeout);
  const SteadyTime deadline = write.deadline;
  WritePlace place;
  std::unique_ptr<WriteCall> own;
  std::vector<Flight*> flights;
  {
    std::lock_guard lock(mutex_);
    absl::Status no_room = NoRoomLocked(write);
    if (!no_room.ok()) return no_room;
    place = queue_.Join(std::move(write));
    flights = TakeSendableLocked(place.batch.get(), &own);
  }
  Start(flights);
  if (own != nullptr) Carry(std::move(own));
  return WaitFor(place, deadline);
}

WriteGatherer::Outcome WriteGatherer::WaitFor(const WritePlace& place,
                                              SteadyTime deadline) {
  WriteBatch& batch = *place.batch;
  while (!batch.finished()) {
    if (SteadyClock::now() >= deadline) return GiveUp(place);
    FutexWaitUntil(batch.phase, WriteBatch::kWaiting, deadline);
  }
  return OutcomeOf(place.write());
}

// The answer may have come after all; a batch is finished when all of its writes have
// one.
WriteGatherer::Outcome WriteGatherer::GiveUp(const WritePlace& place) {
  std::lock_guard lock(mutex_);
  const PendingWrite& write = place.write();
  if (write.answered) return OutcomeOf(write);
  GiveUpLocked(place);
  return DeadlineExceeded(write);
}

void WriteGatherer::GiveUpLocked(const WritePlace& place) {
  place.write().given_up = true;
  if (place.write().sent) {
    CancelIfUnwantedLocked(*place.batch);
  } else {
    queue_.Withdraw(place);
  }
}

void WriteGatherer::CancelIfUnwantedLocked(const WriteBatch& batch) {
  for (Flight* flight : in_flight_) {
    const WriteCall& call = *flight->call;
    if (call.batch.get() != &batch) continue;
    const bool unwanted =
        std::all_of(call.places.begin(), call.places.end(),
                    [&batch](size_t place) { return batch.writes[place].given_up; });
    if (unwanted) flight->Cancel();
  }
}

}  // namespace rcukv::internal
