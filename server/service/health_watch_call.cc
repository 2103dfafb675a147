#include "server/service/health_watch_call.h"

#include <utility>

#include "proto/grpc/health/v1/health.pb.h"
#include "server/service/byte_buffers.h"
#include "server/service/grpc_status.h"
#include "server/service/message_bytes.h"

namespace rcukv {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

void HealthWatchCall::Accept() {
  context_.AsyncNotifyWhenDone(static_cast<Tag*>(&done_tag_));
  host_.services()->health.RequestWatch(&context_, &request_, &writer_, host_.queue(),
                                        host_.queue(), static_cast<Tag*>(&accepted_tag_));
}

void HealthWatchCall::OnAccepted(bool ok) {
  if (!ok) return host_.HealthWatchEnded(this);  // The server shuts down.
  admission_ = host_.CallBegan(CallHost::Purpose::kHealth);
  host_.HealthWatchBegan(this);
  HealthCheckRequest request;
  const absl::Status status = ParseMessage(ContiguousBytes(request_).view(), &request);
  if (!status.ok()) return Finish(status);
  service_ = request.service();
  Announce();
}

void HealthWatchCall::Announce() {
  if (writing_ || finishing_ || done_) return;
  const Health::Status status = host_.health().StatusOf(service_);
  if (announced_ == status) return;
  announced_ = status;
  HealthCheckResponse message;
  message.set_status(status);
  OutputBuffer response;
  AppendMessage(message, &response);
  writing_ = true;
  writer_.Write(ToByteBuffer(std::move(response)), static_cast<Tag*>(&written_tag_));
}

void HealthWatchCall::OnWritten(bool ok) {
  writing_ = false;
  host_.CountAnswer();
  if (ok) Announce();  // What has changed meanwhile.
  EndIfIdle();
}

void HealthWatchCall::Finish(const absl::Status& status) {
  finishing_ = true;
  writer_.Finish(ToGrpcStatus(status), static_cast<Tag*>(&finished_tag_));
}

void HealthWatchCall::OnFinished(bool) {
  finishing_ = false;
  EndIfIdle();
}

void HealthWatchCall::OnDone(bool) {
  done_ = true;
  EndIfIdle();
}

void HealthWatchCall::EndIfIdle() {
  if (!done_ || writing_ || finishing_) return;
  host_.CallEnded(admission_);
  host_.HealthWatchEnded(this);
}

}  // namespace rcukv
