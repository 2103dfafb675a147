// One Watch of grpc.health.v1: says how a service is, and again when that changes.
#ifndef RCUKV_SERVER_SERVICE_HEALTH_WATCH_CALL_H_
#define RCUKV_SERVER_SERVICE_HEALTH_WATCH_CALL_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/async_stream.h>
#include <grpcpp/support/byte_buffer.h>

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "server/service/call_host.h"
#include "server/service/health.h"
#include "server/service/tag.h"

namespace rcukv {

// It ends with its client, or with the server: there is nothing to wait for when it shuts
// down.
//
// Thread safety: belongs to the thread of the host.
class HealthWatchCall final {
 public:
  // The host outlives the call.
  explicit HealthWatchCall(CallHost& host) : host_(host) {}
  HealthWatchCall(const HealthWatchCall&) = delete;
  HealthWatchCall& operator=(const HealthWatchCall&) = delete;

  // Waits for a call. Once per object.
  void Accept();

  // The health may have changed.
  void Announce();

 private:
  void OnAccepted(bool ok);
  void OnWritten(bool ok);
  void OnFinished(bool ok);
  void OnDone(bool ok);

  void Finish(const absl::Status& status);
  void EndIfIdle();

  CallHost& host_;
  grpc::ServerContext context_;
  grpc::ByteBuffer request_;
  grpc::ServerAsyncWriter<grpc::ByteBuffer> writer_{&context_};

  // The operations under way. One at a time; and OnDone, which is reported for each call
  // that was accepted.
  bool writing_ = false;
  bool finishing_ = false;
  bool done_ = false;
  CallHost::Admission admission_ = CallHost::Admission::kAside;
  std::string service_;
  // What the client was told last.
  std::optional<Health::Status> announced_;

  MemberTag<HealthWatchCall, &HealthWatchCall::OnAccepted> accepted_tag_{this};
  MemberTag<HealthWatchCall, &HealthWatchCall::OnWritten> written_tag_{this};
  MemberTag<HealthWatchCall, &HealthWatchCall::OnFinished> finished_tag_{this};
  MemberTag<HealthWatchCall, &HealthWatchCall::OnDone> done_tag_{this};
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_HEALTH_WATCH_CALL_H_
