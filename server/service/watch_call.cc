#include "server/service/watch_call.h"

#include <utility>

#include "absl/status/statusor.h"
#include "server/service/byte_buffers.h"
#include "server/service/grpc_status.h"
#include "server/service/watch_schedule.h"

namespace rcukv {

void WatchCall::Accept() {
  context_.AsyncNotifyWhenDone(static_cast<Tag*>(&done_tag_));
  host_.services()->key_value.RequestWatch(&context_, &request_, &writer_, host_.queue(),
                                           host_.queue(),
                                           static_cast<Tag*>(&accepted_tag_));
}

void WatchCall::OnAccepted(bool ok) {
  if (!ok) return host_.WatchEnded(this);  // The server shuts down.
  admission_ = host_.CallBegan(CallHost::Purpose::kWatch);
  host_.WatchBegan(this);
  if (admission_ == CallHost::Admission::kRefuse) return Finish(ShuttingDown());
  auto watch = host_.handlers().watch.Open(ContiguousBytes(request_).view());
  request_.Clear();
  if (!watch.ok()) return Finish(watch.status());
  watch_ = *std::move(watch);
  TakeTurn();
}

void WatchCall::TakeTurn() {
  if (writing_ || finished_ || done_) return;
  if (host_.ending_watches()) TellProgress();
  const Watch::Tell tell = std::exchange(tell_, Watch::Tell::kChanges);
  OutputBuffer message;
  const absl::StatusOr<bool> told = host_.handlers().watch.Next(
      *watch_, tell, host_.watch_schedule().waiter(), &message);
  if (!told.ok()) return Finish(told.status());
  if (*told) return Write(std::move(message));
  if (host_.ending_watches()) return Finish(ShuttingDown());
  host_.watch_schedule().Await(this, watch_->owes_progress());
}

void WatchCall::Write(OutputBuffer message) {
  const absl::Status status = host_.held_bytes().Check(context_);
  if (!status.ok()) return Finish(status);
  writing_ = true;
  unsent_ = host_.held_bytes().Add(context_, message.size());
  writer_.Write(ToByteBuffer(std::move(message)), static_cast<Tag*>(&written_tag_));
}

void WatchCall::OnWritten(bool ok) {
  writing_ = false;
  host_.held_bytes().Remove(unsent_);
  host_.CountAnswer();
  if (ok) TakeTurn();
  EndIfIdle();
}

void WatchCall::Finish(const absl::Status& status) {
  finishing_ = finished_ = true;
  // What it holds is not needed any more, and makes room for another.
  watch_.reset();
  writer_.Finish(ToGrpcStatus(status), static_cast<Tag*>(&finished_tag_));
}

void WatchCall::OnFinished(bool) {
  finishing_ = false;
  EndIfIdle();
}

void WatchCall::OnDone(bool) {
  done_ = true;
  EndIfIdle();
}

void WatchCall::EndIfIdle() {
  if (!done_ || writing_ || finishing_) return;
  host_.watch_schedule().Remove(this);
  host_.CallEnded(admission_);
  host_.WatchEnded(this);
}

}  // namespace rcukv
