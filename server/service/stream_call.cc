#include "server/service/stream_call.h"

#include <utility>

#include "server/service/byte_buffers.h"
#include "server/service/grpc_status.h"
#include "server/service/output_buffer.h"

namespace rcukv {

void StreamCall::Accept() {
  host_.services()->key_value.RequestStreamBatchGet(&context_, &stream_, host_.queue(),
                                                    host_.queue(),
                                                    static_cast<Tag*>(&accepted_tag_));
}

void StreamCall::OnAccepted(bool ok) {
  if (!ok) return host_.StreamEnded(this);  // The server shuts down.
  admission_ = host_.CallBegan(CallHost::Purpose::kRead);
  host_.StreamBegan(this);
  if (admission_ == CallHost::Admission::kRefuse) return Drain();
  Read();
}

void StreamCall::Read() {
  reading_ = true;
  stream_.Read(&request_, static_cast<Tag*>(&read_tag_));
}

void StreamCall::OnRead(bool ok) {
  reading_ = false;
  if (finishing_) return EndIfIdle();
  (ok ? held_ : half_closed_) = true;
  if (!writing_) return GoOn();
  if (!held_) return;
  waiting_ = host_.held_bytes().Add(context_, request_.Length());
  // It cannot be refused while an answer is being written, and may be large.
  if (waiting_.bytes > 0 && !host_.held_bytes().Check(context_).ok()) {
    context_.TryCancel();
  }
}

void StreamCall::OnWritten(bool ok) {
  writing_ = false;
  host_.held_bytes().Remove(unsent_);
  if (!ok) return Finish(absl::CancelledError("the client is gone"));
  host_.CountAnswer();
  if (held_) return Answer();
  if (host_.draining()) return Drain();
  GoOn();
}

void StreamCall::GoOn() {
  if (held_) return Answer();
  if (half_closed_) return Finish(absl::OkStatus());
  if (!reading_) Read();
}

void StreamCall::Answer() {
  held_ = false;
  host_.held_bytes().Remove(waiting_);
  OutputBuffer response;
  absl::Status status = host_.held_bytes().Check(context_);
  if (status.ok()) {
    const ContiguousBytes request(request_);
    status = host_.handlers().read.BatchGet(request.view(), &response);
  }
  request_.Clear();
  if (!status.ok()) return Finish(status);
  writing_ = true;
  unsent_ = host_.held_bytes().Add(context_, response.size());
  stream_.Write(ToByteBuffer(std::move(response)), static_cast<Tag*>(&written_tag_));
  // Not behind a large answer: its client may not read, and requests may be large too.
  if (unsent_.bytes == 0 && !host_.draining()) Read();
}

void StreamCall::Drain() {
  if (writing_ || finishing_) return;
  Finish(ShuttingDown());
}

void StreamCall::Finish(const absl::Status& status) {
  finishing_ = true;
  host_.held_bytes().Remove(waiting_);
  request_.Clear();
  stream_.Finish(ToGrpcStatus(status), static_cast<Tag*>(&finished_tag_));
}

void StreamCall::OnFinished(bool) {
  finished_ = true;
  EndIfIdle();
}

void StreamCall::EndIfIdle() {
  if (!finished_ || reading_) return;
  host_.CallEnded(admission_);
  host_.StreamEnded(this);
}

}  // namespace rcukv
