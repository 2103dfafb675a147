// One Watch: tells its client of changes for as long as it likes, a message at a time.
//
// One message is under way at a time, and the next is put together when gRPC has taken
// it: when the client, or the transport's flow control, has room. So a client that does
// not read costs a message. The history goes on meanwhile, and the client learns, when it
// reads again, that it has gone on without it.
#ifndef RCUKV_SERVER_SERVICE_WATCH_CALL_H_
#define RCUKV_SERVER_SERVICE_WATCH_CALL_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/async_stream.h>
#include <grpcpp/support/byte_buffer.h>

#include <memory>

#include "absl/status/status.h"
#include "server/service/call_host.h"
#include "server/service/held_bytes.h"
#include "server/service/output_buffer.h"
#include "server/service/tag.h"
#include "server/store/watch.h"

namespace rcukv {

// Thread safety: belongs to the thread of the host.
class WatchCall final {
 public:
  // The host outlives the call.
  explicit WatchCall(CallHost& host) : host_(host) {}
  WatchCall(const WatchCall&) = delete;
  WatchCall& operator=(const WatchCall&) = delete;

  // Waits for a call. Once per object.
  void Accept();

  // Tells what there is to tell, unless a message is under way: then it does so when that
  // is out. With nothing to tell it waits in host.watch_schedule(), or ends with
  // UNAVAILABLE where host.ending_watches().
  void TakeTurn();

  // The next turn tells how far revisions have come, if there is nothing else to tell.
  void TellProgress() { tell_ = Watch::Tell::kProgress; }

 private:
  void OnAccepted(bool ok);
  void OnWritten(bool ok);
  void OnFinished(bool ok);
  void OnDone(bool ok);

  void Write(OutputBuffer message);
  void Finish(const absl::Status& status);
  void EndIfIdle();

  CallHost& host_;
  grpc::ServerContext context_;
  grpc::ByteBuffer request_;
  grpc::ServerAsyncWriter<grpc::ByteBuffer> writer_{&context_};

  // The operations under way. One at a time; and OnDone, which is reported for each call
  // that was accepted, when it is over or its client is gone.
  bool writing_ = false;
  bool finishing_ = false;
  bool done_ = false;
  // Nothing is written any more.
  bool finished_ = false;
  CallHost::Admission admission_ = CallHost::Admission::kAside;
  // The first message says where the watch begins.
  Watch::Tell tell_ = Watch::Tell::kProgress;
  // Null until the request has been looked at.
  std::unique_ptr<Watch> watch_;
  // The message that is being written.
  HeldBytes::Counted unsent_;

  MemberTag<WatchCall, &WatchCall::OnAccepted> accepted_tag_{this};
  MemberTag<WatchCall, &WatchCall::OnWritten> written_tag_{this};
  MemberTag<WatchCall, &WatchCall::OnFinished> finished_tag_{this};
  MemberTag<WatchCall, &WatchCall::OnDone> done_tag_{this};
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_WATCH_CALL_H_
