// Internal to the gatherer: what the tags of its completion queue point to.
#ifndef RCUKV_CLIENTS_CPP_GET_GATHERER_EVENTS_H_
#define RCUKV_CLIENTS_CPP_GET_GATHERER_EVENTS_H_

#include <grpcpp/alarm.h>

#include <memory>

#include "clients/cpp/deadline.h"
#include "clients/cpp/get_gatherer.h"
#include "clients/cpp/get_lane.h"
#include "clients/cpp/get_queue.h"

namespace rcukv::internal {

// What a tag of the completion queue points to.
class GetGatherer::Event {
 public:
  virtual void Take(bool ok) = 0;

 protected:
  ~Event() = default;
};

class GetGatherer::Lane final : public Event {
 public:
  Lane(GetGatherer* gatherer, bool lane_may_stream)
      : may_stream(lane_may_stream),
        lane(&gatherer->stub_, &gatherer->completions_, static_cast<Event*>(this)),
        gatherer_(gatherer) {}

  void Take(bool ok) override {
    if (lane.OnEvent(ok)) gatherer_->TakeAnswer(this);
  }

  const bool may_stream;
  GetLane lane;
  // In flight.
  std::unique_ptr<GetCall> call;

 private:
  GetGatherer* const gatherer_;
};

// Belongs to the completion queue; its event, which comes even if it is cancelled, is its
// end.
class GetGatherer::Timer final : public Event {
 public:
  Timer(GetGatherer* gatherer, SteadyTime timer_deadline)
      : deadline(timer_deadline), gatherer_(gatherer) {
    alarm_.Set(&gatherer->completions_, ToGpr(deadline), static_cast<Event*>(this));
  }

  void Take(bool) override {
    gatherer_->TakeTimer(this);
    delete this;
  }
  void Cancel() { alarm_.Cancel(); }

  const SteadyTime deadline;

 private:
  GetGatherer* const gatherer_;
  grpc::Alarm alarm_;
};

}  // namespace rcukv::internal

#endif  // RCUKV_CLIENTS_CPP_GET_GATHERER_EVENTS_H_
