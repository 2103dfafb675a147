// Internal to the gatherer: what the tags of its completion queue point to.
#ifndef RCUKV_CLIENTS_CPP_WRITE_GATHERER_EVENTS_H_
#define RCUKV_CLIENTS_CPP_WRITE_GATHERER_EVENTS_H_

#include <grpcpp/alarm.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/support/async_unary_call.h>

#include <memory>
#include <optional>
#include <utility>

#include "clients/cpp/deadline.h"
#include "clients/cpp/open_calls.h"
#include "clients/cpp/write_gatherer.h"
#include "clients/cpp/write_queue.h"

namespace rcukv::internal {

// What a tag of the completion queue points to. Each has one event, and is gone with it.
class WriteGatherer::Event {
 public:
  virtual void Take() = 0;

 protected:
  ~Event() = default;
};

// A call in flight.
class WriteGatherer::Flight final : public Event {
 public:
  Flight(WriteGatherer* gatherer, std::unique_ptr<WriteCall> flying)
      : call(std::move(flying)), gatherer_(gatherer) {}

  // `completions` gives `tag` when response and status are there, which may be before
  // this returns.
  void Start(grpc::CompletionQueue* completions, void* tag);
  // As an event of the gatherer's queue.
  void Start() { Start(&gatherer_->completions_, static_cast<Event*>(this)); }

  // The flight may be gone soon after. Before Start it is cancelled as well.
  void Cancel() { context_.TryCancel(); }

  void Take() override { gatherer_->TakeFlight(std::unique_ptr<Flight>(this)); }

  std::unique_ptr<WriteCall> call;
  grpc::ByteBuffer response;
  grpc::Status status;

 private:
  WriteGatherer* const gatherer_;
  // Outlives the reader, which is part of it.
  grpc::ClientContext context_;
  // From Start on: Client::Cancel ends it.
  std::optional<OpenCalls::Entry> entry_;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader_;
};

class WriteGatherer::Timer final : public Event {
 public:
  Timer(WriteGatherer* gatherer, SteadyTime timer_deadline)
      : deadline(timer_deadline), gatherer_(gatherer) {
    alarm_.Set(&gatherer->completions_, ToGpr(deadline), static_cast<Event*>(this));
  }

  void Take() override {
    const std::unique_ptr<Timer> self(this);
    gatherer_->TakeTimer(this);
  }
  void Cancel() { alarm_.Cancel(); }

  const SteadyTime deadline;

 private:
  WriteGatherer* const gatherer_;
  grpc::Alarm alarm_;
};

}  // namespace rcukv::internal

#endif  // RCUKV_CLIENTS_CPP_WRITE_GATHERER_EVENTS_H_
