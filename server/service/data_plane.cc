#include "server/service/data_plane.h"

#include <grpc/impl/codegen/grpc_types.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <future>
#include <utility>

#include "server/service/break_connections.h"
#include "server/service/builder_plugins.h"
#include "server/service/listening.h"

namespace rcukv {
namespace {

// Takes more than the largest request that is within the limits, so that one which is
// not gets an answer that says why, and not a reset. But for BatchWrite: a thousand
// values of a MiB are within its limits, and this is what bounds them.
int MaxReceiveBytes(const Limits& limits) {
  constexpr size_t kAtLeast = 64 << 20;
  constexpr size_t kAtMost = 1 << 30;
  constexpr size_t kBytesAroundAKey = 6;
  const size_t batch = limits.max_batch_keys * (limits.max_key_bytes + kBytesAroundAKey);
  const size_t largest = std::max({batch, limits.max_value_bytes, limits.max_txn_bytes});
  return static_cast<int>(std::clamp(2 * largest, kAtLeast, kAtMost));
}

// For clients to read the last message of their watches; and for gRPC to close its
// connections by itself, once their calls are ended.
constexpr std::chrono::seconds kGoodbye{1};

void Configure(const Limits& limits, grpc::ServerBuilder* builder) {
  builder->SetOption(std::make_unique<NoPlugins>());
  builder->SetMaxReceiveMessageSize(MaxReceiveBytes(limits));
  // Of what gRPC has read of all connections and not handed over, such as requests that
  // are half there. Past it, it ends calls with RESOURCE_EXHAUSTED.
  constexpr size_t kReceiveBufferBytes = size_t{1} << 30;
  builder->SetResourceQuota(grpc::ResourceQuota("rcukv").Resize(kReceiveBufferBytes));
  // What one connection may have in flight; more waits in the client.
  constexpr int kMaxConcurrentStreams = 4096;
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxConcurrentStreams);
}

}  // namespace

absl::StatusOr<std::unique_ptr<DataPlane>> DataPlane::Start(
    const DataPlaneOptions& options, const DataPlaneContext& context) {
  std::unique_ptr<DataPlane> plane(new DataPlane);
  grpc::ServerBuilder builder;
  Configure(context.limits, &builder);
  builder.RegisterService(&plane->services_.key_value);
  builder.RegisterService(&plane->services_.health);
  for (int i = 0; i < options.threads; ++i) {
    plane->threads_.push_back(std::make_unique<ServingThread>(
        &plane->services_, builder.AddCompletionQueue(), &plane->held_bytes_, context));
  }
  absl::StatusOr<ListeningServer> listening =
      StartListening(options.listen, "--listen", &builder);
  if (!listening.ok()) {
    plane->shut_down_ = true;
    return listening.status();
  }
  plane->server_ = std::move(listening->server);
  plane->address_ = std::move(listening->address);
  int number = 0;
  for (const auto& thread : plane->threads_) thread->Start(number++);
  return plane;
}

DataPlane::~DataPlane() { Shutdown(std::chrono::system_clock::now()); }

void DataPlane::Drain(std::chrono::system_clock::time_point deadline) {
  std::vector<std::future<void>> drained;
  for (const auto& thread : threads_) drained.push_back(thread->Drain());
  for (const std::future<void>& thread : drained) thread.wait_until(deadline);
  // Every write has been answered, so what watches are told now is the last.
  EndWatches(std::min(deadline, std::chrono::system_clock::now() + kGoodbye));
}

void DataPlane::EndWatches(std::chrono::system_clock::time_point deadline) {
  std::vector<std::future<void>> ended;
  for (const auto& thread : threads_) ended.push_back(thread->EndWatches());
  for (const std::future<void>& thread : ended) thread.wait_until(deadline);
}

void DataPlane::Shutdown(std::chrono::system_clock::time_point deadline) {
  if (std::exchange(shut_down_, true)) return;
  std::vector<std::future<void>> stopped;
  for (const auto& thread : threads_) stopped.push_back(thread->StopAccepting());
  for (const std::future<void>& thread : stopped) thread.wait();
  ShutDownServer(deadline);
  for (const auto& thread : threads_) thread->Stop();
}

void DataPlane::ShutDownServer(std::chrono::system_clock::time_point deadline) {
  const std::future<void> done =
      std::async(std::launch::async, [this, deadline] { server_->Shutdown(deadline); });
  const int port = ParseHostPort(address_)->port;
  auto patience = deadline + kGoodbye;
  while (done.wait_until(patience) != std::future_status::ready) {
    broken_connections_ += BreakConnections(port);
    patience += kGoodbye;
  }
}

uint64_t DataPlane::answered_calls() const {
  uint64_t sum = 0;
  for (const auto& thread : threads_) sum += thread->answered_calls();
  return sum;
}

std::vector<uint64_t> DataPlane::answered_calls_by_thread() const {
  std::vector<uint64_t> calls;
  for (const auto& thread : threads_) calls.push_back(thread->answered_calls());
  return calls;
}

}  // namespace rcukv
