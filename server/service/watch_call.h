// Answers Watch, which this server does not have yet, with UNIMPLEMENTED.
#ifndef RCUKV_SERVER_SERVICE_WATCH_CALL_H_
#define RCUKV_SERVER_SERVICE_WATCH_CALL_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/async_stream.h>
#include <grpcpp/support/byte_buffer.h>

#include <optional>

#include "server/service/call_host.h"
#include "server/service/tag.h"

namespace rcukv {

// Thread safety: belongs to the thread of the host.
class WatchCall final : public Tag {
 public:
  // The host outlives the call.
  explicit WatchCall(CallHost& host) : host_(host) {}
  WatchCall(const WatchCall&) = delete;
  WatchCall& operator=(const WatchCall&) = delete;

  // Waits for a call; when it is answered, for the next.
  void Accept();

  void OnEvent(bool ok) override;

 private:
  struct Exchange {
    Exchange() : writer(&context) {}

    grpc::ServerContext context;
    grpc::ByteBuffer request;
    grpc::ServerAsyncWriter<grpc::ByteBuffer> writer;
  };

  CallHost& host_;
  bool answering_ = false;
  CallHost::Admission admission_ = CallHost::Admission::kServe;
  std::optional<Exchange> exchange_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_WATCH_CALL_H_
