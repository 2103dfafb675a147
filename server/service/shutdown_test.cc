// A data plane that ends while calls come in.
//
// gRPC loses a call that is asked for in the very moment in which its server shuts down:
// the queue that waits for it never ends. That moment is short, so this test looks at
// what is called when, and makes it longer: the two functions below take the place of
// those of gRPC's core, which its C++ library calls.
#include <dlfcn.h>
#include <grpc/grpc.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "proto/rcukv/v1/kv.grpc.pb.h"
#include "server/service/data_plane.h"
#include "server/service/health.h"
#include "server/store/memory_store.h"
#include "server/table/protection.h"
#include "server/table/table_directory.h"

namespace {

std::atomic<bool> is_shutting_down{false};
std::atomic<int> calls_asked_for{0};
std::atomic<int> asking{0};
// Of calls that were asked for when the server was shutting down.
std::atomic<int> late_calls{0};

template <typename Function>
Function* FunctionOfGrpc(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" grpc_call_error grpc_server_request_registered_call(
    grpc_server* server, void* method, grpc_call** call, gpr_timespec* deadline,
    grpc_metadata_array* metadata, grpc_byte_buffer** payload,
    grpc_completion_queue* call_queue, grpc_completion_queue* notify_queue, void* tag) {
  static auto* const real =
      FunctionOfGrpc<decltype(grpc_server_request_registered_call)>(__func__);
  ++asking;
  ++calls_asked_for;
  if (is_shutting_down) ++late_calls;
  const grpc_call_error error = real(server, method, call, deadline, metadata, payload,
                                     call_queue, notify_queue, tag);
  --asking;
  return error;
}

extern "C" void grpc_server_shutdown_and_notify(grpc_server* server,
                                                grpc_completion_queue* queue, void* tag) {
  static auto* const real =
      FunctionOfGrpc<decltype(grpc_server_shutdown_and_notify)>(__func__);
  is_shutting_down = true;
  late_calls += asking;
  // Long enough for a thread that is about to ask for a call to do so.
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
  real(server, queue, tag);
}

namespace rcukv {
namespace {

// Long enough for a slow machine; a test that works never waits for it.
constexpr std::chrono::seconds kPatience{60};

std::chrono::milliseconds Duration() {
  const char* text = std::getenv("SHUTDOWN_TEST_MS");
  return std::chrono::milliseconds(text != nullptr ? std::atoi(text) : 2000);
}

class ShutdownTest : public ::testing::Test {
 protected:
  ShutdownTest()
      : protection_(Protection::Create(Flavor::kMb).value()),
        directory_(*protection_),
        store_(*protection_, directory_, MemoryStore::Options{}) {}

  void Start() {
    is_shutting_down = false;
    absl::StatusOr<std::unique_ptr<DataPlane>> plane = DataPlane::Start(
        {.listen = "127.0.0.1:0", .threads = 2}, {.limits = {},
                                                  .read_section = ReadSection::kPerBatch,
                                                  .health = &health_,
                                                  .tokens = &tokens_,
                                                  .directory = &directory_,
                                                  .store = &store_});
    ASSERT_TRUE(plane.ok()) << plane.status();
    plane_ = *std::move(plane);
  }

  // Returns in time, or ends the program: there is no way to go on.
  void ShutDown() {
    std::future<void> done = std::async(std::launch::async, [this] {
      plane_->Shutdown(std::chrono::system_clock::now());
    });
    if (done.wait_for(kPatience) == std::future_status::ready) return;
    fprintf(stderr, "the data plane has not shut down within a minute\n");
    std::abort();
  }

  const Health health_{v1::KeyValueService::service_full_name()};
  const PageTokens tokens_;
  const std::unique_ptr<Protection> protection_;
  TableDirectory directory_;
  MemoryStore store_;
  std::unique_ptr<DataPlane> plane_;
};

// Calls on a connection of their own, of every kind, until one fails.
class Client {
 public:
  explicit Client(const std::string& address)
      : stub_(v1::KeyValueService::NewStub(NewChannel(address))),
        thread_([this] { Run(); }) {}
  ~Client() { thread_.join(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  int answered() const { return answered_; }

 private:
  static std::shared_ptr<grpc::Channel> NewChannel(const std::string& address) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(),
                                     arguments);
  }

  static void SetDeadline(grpc::ClientContext* context) {
    context->set_deadline(std::chrono::system_clock::now() + kPatience);
  }

  void Run() {
    while (Get() && Stream() && Watch()) ++answered_;
  }

  bool Get() {
    grpc::ClientContext context;
    SetDeadline(&context);
    v1::GetRequest request;
    request.set_key("k");
    v1::GetResponse response;
    return stub_->Get(&context, request, &response).ok();
  }

  bool Stream() {
    grpc::ClientContext context;
    SetDeadline(&context);
    const auto stream = stub_->StreamBatchGet(&context);
    stream->WritesDone();
    return stream->Finish().ok();
  }

  bool Watch() {
    grpc::ClientContext context;
    SetDeadline(&context);
    const auto watch = stub_->Watch(&context, v1::WatchRequest());
    return watch->Finish().error_code() == grpc::StatusCode::UNIMPLEMENTED;
  }

  const std::unique_ptr<v1::KeyValueService::Stub> stub_;
  std::atomic<int> answered_{0};
  std::thread thread_;
};

TEST_F(ShutdownTest, NoCallIsAskedForWhileTheServerShutsDown) {
  const auto until = std::chrono::steady_clock::now() + Duration();
  int rounds = 0;
  for (; std::chrono::steady_clock::now() < until; ++rounds) {
    ASSERT_NO_FATAL_FAILURE(Start());
    std::vector<std::unique_ptr<Client>> clients;
    // Every other one is shut down at once.
    if (rounds % 2 == 0) {
      for (int i = 0; i < 3; ++i) {
        clients.push_back(std::make_unique<Client>(plane_->address()));
      }
      while (clients[0]->answered() < 3) std::this_thread::yield();
    }
    ShutDown();
    clients.clear();
    plane_.reset();
    ASSERT_EQ(late_calls, 0) << "in round " << rounds;
  }
  ASSERT_GT(calls_asked_for, 0) << "gRPC has not called the functions of this test";
  RecordProperty("rounds", rounds);
  printf("%d data planes have ended\n", rounds);
}

}  // namespace
}  // namespace rcukv
