#include "loadtest/workload/null_server.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"

namespace rcukv::loadtest {
namespace {

grpc::ByteBuffer BufferOf(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace

// One call, unary or a stream, from when it is awaited to its end. Belongs to its events,
// of which there is one due at a time.
class NullServer::Call {
 public:
  Call(NullServer* server, grpc::ServerCompletionQueue* queue)
      : server_(server), queue_(queue), stream_(&context_) {}
  ~Call() { server_->CallEnded(); }

  void Await() {
    server_->service_.RequestCall(&context_, &stream_, queue_, queue_, this);
  }

  void OnEvent(bool ok) {
    switch (awaited_) {
      case Awaited::kBegin:
        return ok ? Begin() : delete this;
      case Awaited::kRequest:
        return ok ? Answer() : Finish(grpc::Status::OK);
      case Awaited::kSent:
        return ok ? Read() : Finish(grpc::Status::OK);
      case Awaited::kEnd:
        delete this;
    }
  }

 private:
  enum class Awaited { kBegin, kRequest, kSent, kEnd };

  void Begin() {
    server_->AwaitCall(queue_);
    call_ = NullAnswers::CallNamed(context_.method());
    if (call_.has_value()) return Read();
    Finish({grpc::StatusCode::UNIMPLEMENTED, "a null server does not know this call"});
  }

  void Read() {
    awaited_ = Awaited::kRequest;
    stream_.Read(&request_, this);
  }

  void Answer() {
    grpc::Slice slice;
    std::optional<std::string> answer;
    if (request_.DumpToSingleSlice(&slice).ok()) {
      answer = server_->answers_.Answer(
          *call_,
          std::string_view(reinterpret_cast<const char*>(slice.begin()), slice.size()));
    }
    if (!answer.has_value()) {
      return Finish({grpc::StatusCode::INVALID_ARGUMENT, "not of a load test"});
    }
    if (*call_ == NullAnswers::Call::kStreamBatchGet) {
      awaited_ = Awaited::kSent;
      return stream_.Write(BufferOf(*answer), this);
    }
    awaited_ = Awaited::kEnd;
    stream_.WriteAndFinish(BufferOf(*answer), grpc::WriteOptions(), grpc::Status::OK,
                           this);
  }

  void Finish(const grpc::Status& status) {
    awaited_ = Awaited::kEnd;
    stream_.Finish(status, this);
  }

  NullServer* const server_;
  grpc::ServerCompletionQueue* const queue_;
  grpc::GenericServerContext context_;
  grpc::GenericServerAsyncReaderWriter stream_;
  grpc::ByteBuffer request_;
  std::optional<NullAnswers::Call> call_;
  Awaited awaited_ = Awaited::kBegin;
};

absl::StatusOr<std::unique_ptr<NullServer>> NullServer::Start(const Records& records,
                                                              size_t entries) {
  std::unique_ptr<NullServer> server(new NullServer(records, entries));
  if (!server->Listen()) {
    return absl::UnavailableError("a null server cannot listen on 127.0.0.1");
  }
  for (const auto& queue : server->queues_) {
    server->AwaitCall(queue.get());
    server->threads_.emplace_back(
        [&server = *server, &queue = *queue] { server.Serve(&queue); });
  }
  return server;
}

bool NullServer::Listen() {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  // The server limits messages, and so do the options of a run.
  builder.SetMaxReceiveMessageSize(-1);
  builder.RegisterAsyncGenericService(&service_);
  const unsigned threads = std::max(1u, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < threads; ++i) queues_.push_back(builder.AddCompletionQueue());
  server_ = builder.BuildAndStart();
  address_ = absl::StrFormat("127.0.0.1:%d", port);
  return server_ != nullptr && port != 0;
}

NullServer::~NullServer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  if (server_ != nullptr) server_->Shutdown(std::chrono::system_clock::now());
  {
    // A call that has been cancelled learns it by an event, and ends by another, which a
    // queue that shuts down would not take.
    std::unique_lock lock(mutex_);
    no_calls_.wait(lock, [this] { return calls_ == 0; });
  }
  for (const auto& queue : queues_) queue->Shutdown();
  for (std::thread& thread : threads_) thread.join();
  // A queue is to be empty when it goes, also where nothing was started.
  for (const auto& queue : queues_) Serve(queue.get());
}

void NullServer::AwaitCall(grpc::ServerCompletionQueue* queue) {
  std::lock_guard lock(mutex_);
  if (stopping_) return;
  ++calls_;
  (new Call(this, queue))->Await();
}

void NullServer::CallEnded() {
  // Told with the mutex held: behind it there may be no server any more.
  std::lock_guard lock(mutex_);
  if (--calls_ == 0) no_calls_.notify_all();
}

void NullServer::Serve(grpc::ServerCompletionQueue* queue) {
  void* tag;
  bool ok;
  while (queue->Next(&tag, &ok)) static_cast<Call*>(tag)->OnEvent(ok);
}

}  // namespace rcukv::loadtest
