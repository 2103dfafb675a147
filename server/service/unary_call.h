// One unary call of the data plane at a time, and after it the next one.
//
// A call object asks gRPC for a call of its method, answers it, and when the answer is
// out asks for the next. gRPC's context of a call cannot be used twice and is made anew
// in place; the object lives as long as its serving thread.
#ifndef RCUKV_SERVER_SERVICE_UNARY_CALL_H_
#define RCUKV_SERVER_SERVICE_UNARY_CALL_H_

#include <grpcpp/completion_queue.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/async_unary_call.h>
#include <grpcpp/support/byte_buffer.h>

#include <cstddef>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "server/service/call_host.h"
#include "server/service/output_buffer.h"
#include "server/service/raw_service.h"
#include "server/service/tag.h"

namespace rcukv {

class UnaryCall;

// A method of KeyValueService.
struct UnaryMethod {
  using Writer = grpc::ServerAsyncResponseWriter<grpc::ByteBuffer>;

  // The generated RequestX.
  void (*accept)(RawService* service, grpc::ServerContext* context,
                 grpc::ByteBuffer* request, Writer* writer,
                 grpc::ServerCompletionQueue* queue, void* tag);
  // Sees to it that the call is answered once, now or later. `request` is good until it
  // returns.
  void (*handle)(Handlers& handlers, std::string_view request, UnaryCall& call);
  // Calls that a thread has in hand at a time; further ones wait inside gRPC.
  size_t slots;
};

// Thread safety: Answer may be called by any thread; everything else belongs to the
// thread of the host.
class UnaryCall final : public Tag {
 public:
  // Both outlive the call.
  UnaryCall(const UnaryMethod& method, CallHost& host) : method_(method), host_(host) {}
  UnaryCall(const UnaryCall&) = delete;
  UnaryCall& operator=(const UnaryCall&) = delete;

  // Waits for the next call of the method.
  void Accept();

  // Once for every call handled. The object may be in the next call when this returns.
  void Answer(const absl::Status& status, OutputBuffer response);

  void OnEvent(bool ok) override;

 private:
  // What belongs to one call.
  struct Exchange {
    Exchange() : writer(&context) {}

    grpc::ServerContext context;
    grpc::ByteBuffer request;
    UnaryMethod::Writer writer;
  };

  const UnaryMethod& method_;
  CallHost& host_;
  // Whether OnEvent reports the end of an answer; else that of Accept.
  bool answering_ = false;
  CallHost::Admission admission_ = CallHost::Admission::kServe;
  std::optional<Exchange> exchange_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_UNARY_CALL_H_
