#include "clients/cpp/get_lane.h"

#include <grpcpp/client_context.h>
#include <grpcpp/support/async_stream.h>
#include <grpcpp/support/async_unary_call.h>

#include <string>
#include <utility>

namespace rcukv::internal {
namespace {

// The stub wants std::string.
const std::string& GetMethod() {
  static const auto& name = *new std::string("/rcukv.v1.KeyValueService/Get");
  return name;
}
const std::string& BatchGetMethod() {
  static const auto& name = *new std::string("/rcukv.v1.KeyValueService/BatchGet");
  return name;
}
const std::string& StreamBatchGetMethod() {
  static const auto& name = *new std::string("/rcukv.v1.KeyValueService/StreamBatchGet");
  return name;
}

// So many in a row, and there is no point in streams: a server that does not know them, a
// proxy that does not let them through.
constexpr int kMaxStreamFailures = 3;

}  // namespace

// A call is gone before the context that it is part of.
struct GetLane::Stream {
  grpc::ClientContext context;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call;
  // Of the write and the read under way.
  int events_due = 0;
  bool failed = false;
};

struct GetLane::Unary {
  grpc::ClientContext context;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> call;
};

GetLane::GetLane(RawStub* stub, grpc::CompletionQueue* completions, void* tag)
    : stub_(stub), completions_(completions), tag_(tag) {}

GetLane::~GetLane() = default;

void GetLane::Reserve() {
  std::lock_guard lock(mutex_);
  cancelled_ = false;
}

void GetLane::Ask(grpc::ByteBuffer request, size_t keys, SteadyTime deadline, Way way) {
  std::lock_guard lock(mutex_);
  request_ = std::move(request);
  keys_ = keys;
  deadline_ = deadline;
  stream_failed_ = false;
  if (way == Way::kStream && stream_failures_ < kMaxStreamFailures) {
    AskOnStream();
  } else {
    AskUnary();
  }
}

void GetLane::AskOnStream() {
  if (stream_ == nullptr) OpenStream();
  stream_->events_due = 2;
  stream_->failed = false;
  stream_->call->Write(request_, tag_);
  stream_->call->Read(&response_, tag_);
  if (cancelled_) stream_->context.TryCancel();
}

void GetLane::OpenStream() {
  stream_ = std::make_unique<Stream>();
  // The first request goes out with the call's head.
  stream_->context.set_initial_metadata_corked(true);
  stream_->call =
      stub_->PrepareCall(&stream_->context, StreamBatchGetMethod(), completions_);
  stream_->call->StartCall(/*tag=*/nullptr);  // None is due for a corked head.
}

void GetLane::AskUnary() {
  unary_ = std::make_unique<Unary>();
  if (deadline_ != kNever) unary_->context.set_deadline(ToGpr(deadline_));
  unary_->call = stub_->PrepareUnaryCall(&unary_->context,
                                         keys_ == 1 ? GetMethod() : BatchGetMethod(),
                                         request_, completions_);
  unary_->call->StartCall();
  unary_->call->Finish(&response_, &status_, tag_);
  if (cancelled_) unary_->context.TryCancel();
}

bool GetLane::OnEvent(bool ok) {
  std::lock_guard lock(mutex_);
  return unary_ != nullptr ? OnUnaryEvent() : OnStreamEvent(ok);
}

bool GetLane::OnStreamEvent(bool ok) {
  stream_->failed |= !ok;
  if (--stream_->events_due > 0) return false;
  if (stream_->failed) return OnStreamFailure();
  stream_failures_ = 0;
  format_ = GetBatch::Format::kBatchGetResponse;
  return EndWith(grpc::Status::OK);
}

bool GetLane::EndWith(const grpc::Status& status) {
  status_ = status;
  request_.Clear();  // It may be large, and the lane idle from now on.
  return true;
}

bool GetLane::OnStreamFailure() {
  stream_.reset();
  stream_failed_ = true;
  if (!cancelled_) {
    AskUnary();
    return false;
  }
  return EndWith({grpc::StatusCode::CANCELLED, "the client is gone"});
}

bool GetLane::OnUnaryEvent() {
  unary_.reset();
  format_ =
      keys_ == 1 ? GetBatch::Format::kGetResponse : GetBatch::Format::kBatchGetResponse;
  if (stream_failed_ && status_.ok()) ++stream_failures_;
  return EndWith(status_);
}

void GetLane::Cancel() {
  std::lock_guard lock(mutex_);
  cancelled_ = true;
  if (stream_ != nullptr) stream_->context.TryCancel();
  if (unary_ != nullptr) unary_->context.TryCancel();
}

}  // namespace rcukv::internal
