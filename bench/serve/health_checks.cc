#include "bench/serve/health_checks.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "bench/serve/load.h"

namespace rcukv::bench {
namespace {

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

// Clients of one process share connections to one address otherwise.
grpc::ChannelArguments OwnConnection() {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return arguments;
}

}  // namespace

HealthChecks::HealthChecks(int64_t port, int64_t per_second)
    : stub_(Health::NewStub(grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port),
                                                      grpc::InsecureChannelCredentials(),
                                                      OwnConnection()))) {
  if (per_second == 0) return;
  Check();
  thread_ = std::thread([this, per_second] { CheckUntilStopped(per_second); });
}

HealthChecks::~HealthChecks() {
  stopped_.Notify();
  if (thread_.joinable()) thread_.join();
}

void HealthChecks::CheckUntilStopped(int64_t per_second) {
  const absl::Duration interval = absl::Seconds(1) / per_second;
  for (absl::Time due = absl::Now() + interval;
       !stopped_.WaitForNotificationWithDeadline(due); due += interval) {
    Check();
  }
}

void HealthChecks::Check() {
  grpc::ClientContext context;
  HealthCheckResponse response;
  const grpc::Status status = stub_->Check(&context, HealthCheckRequest(), &response);
  if (!status.ok()) EndSample(absl::StrCat("health: ", status.error_message()));
  if (response.status() != HealthCheckResponse::SERVING) {
    EndSample(absl::StrCat("health: the server says ",
                           HealthCheckResponse::ServingStatus_Name(response.status())));
  }
  answered_.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace rcukv::bench
