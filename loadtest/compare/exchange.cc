#include "loadtest/compare/exchange.h"

#include <chrono>
#include <optional>

namespace rcukv::loadtest {
namespace {

// A server that takes as long for a call hangs. A stream has all of its messages in it:
// the longest load, and as long again.
constexpr std::chrono::seconds kCallTimeout{20};
constexpr std::chrono::seconds kStreamTimeout{120};

class UnaryExchange final : public Exchange {
 public:
  UnaryExchange(v1::KeyValueService::Stub* stub, grpc::CompletionQueue* queue, void* tag)
      : stub_(stub), queue_(queue), tag_(tag) {}

  void Send() override {
    context_.emplace();
    context_->set_deadline(std::chrono::system_clock::now() + kCallTimeout);
    reader_ = stub_->AsyncBatchGet(&*context_, request, queue_);
    reader_->Finish(&response, &status, tag_);
  }

  // Always true for Finish; the outcome is in the status.
  bool Take(bool /*ok*/) override { return true; }

  bool Close() override { return false; }

 private:
  v1::KeyValueService::Stub* const stub_;
  grpc::CompletionQueue* const queue_;
  void* const tag_;
  // Good for one call.
  std::optional<grpc::ClientContext> context_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<v1::BatchGetResponse>> reader_;
};

class StreamExchange final : public Exchange {
 public:
  StreamExchange(v1::KeyValueService::Stub* stub, grpc::CompletionQueue* queue, void* tag)
      : stub_(stub), queue_(queue), tag_(tag) {}

  void Send() override {
    if (stream_ != nullptr) return SendMessage();
    context_.set_deadline(std::chrono::system_clock::now() + kStreamTimeout);
    state_ = State::kOpening;
    events_ = 1;
    stream_ = stub_->AsyncStreamBatchGet(&context_, queue_, tag_);
  }

  bool Take(bool ok) override {
    failed_ |= !ok;
    if (--events_ > 0) return false;
    if (state_ == State::kFinishing) {
      // A stream that ended in the middle is an error, whatever the server calls it.
      if (status.ok()) status = {grpc::StatusCode::INTERNAL, "the stream has ended"};
      return true;
    }
    if (failed_) {
      Finish();
      return false;
    }
    if (state_ == State::kOpening) {
      SendMessage();
      return false;
    }
    return true;
  }

  bool Close() override {
    if (stream_ == nullptr || state_ == State::kFinishing) return false;
    // At once, whatever has become of the server.
    context_.TryCancel();
    Finish();
    return true;
  }

 private:
  enum class State { kOpening, kOpen, kFinishing };

  void SendMessage() {
    state_ = State::kOpen;
    events_ = 2;
    stream_->Write(request, tag_);
    stream_->Read(&response, tag_);
  }

  void Finish() {
    state_ = State::kFinishing;
    events_ = 1;
    stream_->Finish(&status, tag_);
  }

  v1::KeyValueService::Stub* const stub_;
  grpc::CompletionQueue* const queue_;
  void* const tag_;
  // Before the stream, which uses it.
  grpc::ClientContext context_;
  std::unique_ptr<
      grpc::ClientAsyncReaderWriter<v1::BatchGetRequest, v1::BatchGetResponse>>
      stream_;
  State state_ = State::kOpening;
  // To come before the next step.
  int events_ = 0;
  bool failed_ = false;
};

}  // namespace

std::unique_ptr<Exchange> Exchange::New(Rpc rpc, v1::KeyValueService::Stub* stub,
                                        grpc::CompletionQueue* queue, void* tag) {
  if (rpc == Rpc::kBatchGet) return std::make_unique<UnaryExchange>(stub, queue, tag);
  return std::make_unique<StreamExchange>(stub, queue, tag);
}

}  // namespace rcukv::loadtest
