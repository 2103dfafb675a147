// What calls need of the serving thread that they belong to.
#ifndef RCUKV_SERVER_SERVICE_CALL_HOST_H_
#define RCUKV_SERVER_SERVICE_CALL_HOST_H_

#include <grpcpp/completion_queue.h>

#include "absl/status/status.h"
#include "server/service/handlers.h"
#include "server/service/raw_service.h"

namespace rcukv {

class StreamCall;

// UNAVAILABLE.
inline absl::Status ShuttingDown() {
  return absl::UnavailableError("the server is shutting down");
}

// Thread safety: one thread, the serving one.
class CallHost {
 public:
  virtual RawService* service() = 0;
  virtual grpc::ServerCompletionQueue* queue() = 0;
  virtual Handlers& handlers() = 0;

  // Whether the server shuts down: calls that begin now are refused with ShuttingDown(),
  // and streams are ended.
  virtual bool draining() const = 0;

  // A call that is to be answered before the thread ends was accepted; its end.
  virtual void CallBegan() = 0;
  virtual void CallEnded() = 0;

  // One more message was answered.
  virtual void CountAnswer() = 0;

  // A stream was accepted; another call must wait for the next one.
  virtual void StreamBegan(StreamCall* call) = 0;
  // Nothing of `call` is under way any more; it may be deleted.
  virtual void StreamEnded(StreamCall* call) = 0;

 protected:
  ~CallHost() = default;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_CALL_HOST_H_
