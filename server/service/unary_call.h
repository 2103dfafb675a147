// One unary call of the data plane at a time, and later the next one.
//
// A call object asks gRPC for a call of its method and answers it. When the answer is out
// the serving thread, which owns it, has it ask for another, or keeps it for later.
// gRPC's context of a call cannot be used twice and is made anew in place.
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
#include "server/service/held_bytes.h"
#include "server/service/output_buffer.h"
#include "server/service/raw_services.h"
#include "server/service/tag.h"

namespace rcukv {

class UnaryCall;

// A method of the data plane.
struct UnaryMethod {
  using Writer = grpc::ServerAsyncResponseWriter<grpc::ByteBuffer>;

  // The generated RequestX.
  void (*accept)(RawServices* services, grpc::ServerContext* context,
                 grpc::ByteBuffer* request, Writer* writer,
                 grpc::ServerCompletionQueue* queue, void* tag);
  // Sees to it that the call is answered once, now or later. `request` is good until it
  // returns.
  void (*handle)(Handlers& handlers, std::string_view request, UnaryCall& call);
  // Call objects of a thread that wait for a call at a time.
  size_t waiting;
  CallHost::Purpose purpose = CallHost::Purpose::kRead;
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

  // An answer of up to so many bytes is to be expected: they count as held by its
  // connection until it is there. RESOURCE_EXHAUSTED: there are too many already. Once,
  // before Answer, by the host's thread.
  absl::Status Expect(size_t bytes);

  // Once for every call handled. The object may be in the next call when this returns.
  void Answer(const absl::Status& status, OutputBuffer response);

  void OnEvent(bool ok) override;

  const UnaryMethod& method() const { return method_; }

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
  // The answer that is expected, or under way.
  HeldBytes::Counted unsent_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_UNARY_CALL_H_
