#include "server/service/unary_call.h"

#include <utility>

#include "server/service/byte_buffers.h"
#include "server/service/grpc_status.h"

namespace rcukv {

void UnaryCall::Accept() {
  answering_ = false;
  exchange_.emplace();
  method_.accept(host_.services(), &exchange_->context, &exchange_->request,
                 &exchange_->writer, host_.queue(), static_cast<Tag*>(this));
}

absl::Status UnaryCall::Expect(size_t bytes) {
  absl::Status status = host_.held_bytes().Check(exchange_->context);
  if (status.ok()) unsent_ = host_.held_bytes().Add(exchange_->context, bytes);
  return status;
}

void UnaryCall::Answer(const absl::Status& status, OutputBuffer response) {
  host_.held_bytes().Remove(unsent_);
  // The host's thread may be done with the exchange as soon as Finish has begun; nothing
  // of this object is touched after it.
  if (status.ok()) {
    unsent_ = host_.held_bytes().Add(exchange_->context, response.size());
    exchange_->writer.Finish(ToByteBuffer(std::move(response)), grpc::Status::OK,
                             static_cast<Tag*>(this));
  } else {
    exchange_->writer.FinishWithError(ToGrpcStatus(status), static_cast<Tag*>(this));
  }
}

void UnaryCall::OnEvent(bool ok) {
  if (answering_) {
    // That ok is false says only that the client did not wait for the answer.
    host_.CountAnswer();
    host_.held_bytes().Remove(unsent_);
    exchange_.reset();
    host_.CallEnded(admission_);
    host_.UnaryEnded(this);
    return;
  }
  if (!ok) {
    exchange_.reset();  // The server shuts down; there will be no further call.
    return;
  }
  answering_ = true;
  admission_ = host_.CallBegan(method_.purpose);
  host_.UnaryBegan(this);
  if (admission_ == CallHost::Admission::kRefuse) return Answer(ShuttingDown(), {});
  if (method_.purpose == CallHost::Purpose::kRead) {
    const absl::Status status = host_.held_bytes().Check(exchange_->context);
    if (!status.ok()) return Answer(status, {});
  }
  {
    const ContiguousBytes request(exchange_->request);
    method_.handle(host_.handlers(), request.view(), *this);
  }
  // Its memory is not needed while the answer is under way. The exchange is still there:
  // its end is reported to this thread.
  exchange_->request.Clear();
}

}  // namespace rcukv
