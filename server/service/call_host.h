// What calls need of the serving thread that they belong to.
#ifndef RCUKV_SERVER_SERVICE_CALL_HOST_H_
#define RCUKV_SERVER_SERVICE_CALL_HOST_H_

#include <grpcpp/completion_queue.h>

#include "absl/status/status.h"
#include "server/service/handlers.h"
#include "server/service/health.h"
#include "server/service/held_bytes.h"
#include "server/service/raw_services.h"

namespace rcukv {

class HealthWatchCall;
class StreamCall;
class UnaryCall;
class WatchCall;
class WatchSchedule;

// UNAVAILABLE.
inline absl::Status ShuttingDown() {
  return absl::UnavailableError("the server is shutting down");
}

// Thread safety: one thread, the serving one.
class CallHost {
 public:
  virtual RawServices* services() = 0;
  virtual grpc::ServerCompletionQueue* queue() = 0;
  virtual Handlers& handlers() = 0;
  virtual const Health& health() const = 0;

  // Whether the server shuts down: streams are to be ended.
  virtual bool draining() const = 0;

  // Whether gRPC may be asked for further calls: not once its server shuts down.
  virtual bool accepting() const = 0;

  // Calls that ask how the server is are answered also while it shuts down, when the
  // answer matters most. Watches are ended when all other calls are.
  enum class Purpose { kRead, kWrite, kWatch, kHealth };

  // A call was accepted.
  //   kServe   the server waits for its answer before it shuts down
  //   kRefuse  it began too late, and is to be answered with ShuttingDown()
  //   kAside   the server serves it, and does not wait for it
  enum class Admission { kServe, kRefuse, kAside };
  virtual Admission CallBegan(Purpose purpose) = 0;

  // No operation of the call is under way any more, and none will be.
  virtual void CallEnded(Admission admission) = 0;

  // One more message was answered.
  virtual void CountAnswer() = 0;

  virtual HeldBytes& held_bytes() = 0;

  // `call` waits for a call no longer: another one must wait in its place, however long
  // the client takes to read the answer.
  virtual void UnaryBegan(UnaryCall* call) = 0;
  // Nothing of `call` is under way any more; it may be used for another call.
  virtual void UnaryEnded(UnaryCall* call) = 0;

  // A stream was accepted; another call must wait for the next one.
  virtual void StreamBegan(StreamCall* call) = 0;
  // Nothing of `call` is under way any more; it may be deleted.
  virtual void StreamEnded(StreamCall* call) = 0;

  // As those of streams.
  virtual void WatchBegan(WatchCall* call) = 0;
  virtual void WatchEnded(WatchCall* call) = 0;

  virtual WatchSchedule& watch_schedule() = 0;
  // Whether every write has been answered that will be: watches are to tell what there is
  // and to end.
  virtual bool ending_watches() const = 0;

  // As those of streams.
  virtual void HealthWatchBegan(HealthWatchCall* call) = 0;
  virtual void HealthWatchEnded(HealthWatchCall* call) = 0;

 protected:
  ~CallHost() = default;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_CALL_HOST_H_
