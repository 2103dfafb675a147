#include "server/service/watch_call.h"

#include "absl/status/status.h"
#include "server/service/grpc_status.h"

namespace rcukv {

void WatchCall::Accept() {
  answering_ = false;
  exchange_.emplace();
  host_.services()->key_value.RequestWatch(&exchange_->context, &exchange_->request,
                                           &exchange_->writer, host_.queue(),
                                           host_.queue(), static_cast<Tag*>(this));
}

void WatchCall::OnEvent(bool ok) {
  if (answering_) {
    host_.CountAnswer();
    host_.CallEnded(admission_);
    if (host_.accepting()) {
      Accept();
    } else {
      exchange_.reset();
    }
    return;
  }
  if (!ok) {
    exchange_.reset();  // The server shuts down.
    return;
  }
  answering_ = true;
  admission_ = host_.CallBegan(CallHost::Purpose::kRead);
  exchange_->writer.Finish(
      ToGrpcStatus(absl::UnimplementedError("this server does not have Watch yet")),
      static_cast<Tag*>(this));
}

}  // namespace rcukv
