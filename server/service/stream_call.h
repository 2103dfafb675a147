// One StreamBatchGet: answers a request while the next is read. A client may send many
// before it reads an answer: one is held here until the answer ahead of it is written,
// the others in the transport, whose flow control holds the client up.
#ifndef RCUKV_SERVER_SERVICE_STREAM_CALL_H_
#define RCUKV_SERVER_SERVICE_STREAM_CALL_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/async_stream.h>
#include <grpcpp/support/byte_buffer.h>

#include "absl/status/status.h"
#include "server/service/call_host.h"
#include "server/service/held_bytes.h"
#include "server/service/tag.h"

namespace rcukv {

// Thread safety: belongs to the thread of the host.
class StreamCall final {
 public:
  // The host outlives the call.
  explicit StreamCall(CallHost& host) : host_(host) {}
  StreamCall(const StreamCall&) = delete;
  StreamCall& operator=(const StreamCall&) = delete;

  // Waits for a stream. Once per object.
  void Accept();

  // Ends the stream with UNAVAILABLE, after the request in hand is answered.
  void Drain();

 private:
  void OnAccepted(bool ok);
  void OnRead(bool ok);
  void OnWritten(bool ok);
  void OnFinished(bool ok);

  void Read();
  // With nothing being written: what there is to do.
  void GoOn();
  // Answers the request that is held, and reads the next.
  void Answer();
  void Finish(const absl::Status& status);
  void EndIfIdle();

  CallHost& host_;
  grpc::ServerContext context_;
  grpc::ServerAsyncReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer> stream_{&context_};
  grpc::ByteBuffer request_;

  // A request was read and is not answered.
  bool held_ = false;
  // The client has sent its last request.
  bool half_closed_ = false;
  // The operations under way. A read may still be while the stream is being finished.
  bool reading_ = false;
  bool writing_ = false;
  bool finishing_ = false;
  bool finished_ = false;
  CallHost::Admission admission_ = CallHost::Admission::kServe;
  // The response that is being written, and the request that waits behind it.
  HeldBytes::Counted unsent_;
  HeldBytes::Counted waiting_;

  MemberTag<StreamCall, &StreamCall::OnAccepted> accepted_tag_{this};
  MemberTag<StreamCall, &StreamCall::OnRead> read_tag_{this};
  MemberTag<StreamCall, &StreamCall::OnWritten> written_tag_{this};
  MemberTag<StreamCall, &StreamCall::OnFinished> finished_tag_{this};
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_STREAM_CALL_H_
