#include "bench/serve/health_checks.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "proto/grpc/health/v1/health.grpc.pb.h"

namespace rcukv::bench {
namespace {

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

constexpr char kServes[] = "the server serves";
constexpr absl::Duration kPatience = absl::Seconds(20);

absl::Status Check(Health::Stub& stub) {
  grpc::ClientContext context;
  HealthCheckResponse response;
  const grpc::Status status = stub.Check(&context, HealthCheckRequest(), &response);
  if (!status.ok()) {
    return absl::UnavailableError(absl::StrCat("health: ", status.error_message()));
  }
  if (response.status() != HealthCheckResponse::SERVING) {
    return absl::UnavailableError(
        absl::StrCat("health: the server says ",
                     HealthCheckResponse::ServingStatus_Name(response.status())));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckHealthForever(const ServeSampleOptions& options) {
  const auto stub = Health::NewStub(grpc::CreateChannel(
      absl::StrCat("127.0.0.1:", options.port), grpc::InsecureChannelCredentials()));
  const absl::Duration interval = absl::Seconds(1) / options.health_checks;
  bool first = true;
  for (absl::Time due = absl::Now();; due += interval) {
    absl::SleepFor(due - absl::Now());
    if (absl::Status status = Check(*stub); !status.ok()) return status;
    if (std::exchange(first, false)) {
      std::puts(kServes);
      std::fflush(stdout);
    }
  }
}

absl::StatusOr<HealthChecks> HealthChecks::Start(const ServeSampleOptions& options) {
  HealthChecks checks;
  if (options.health_checks == 0) return checks;
  ServeSampleOptions checking = options;
  checking.work = Work::kHealth;
  std::vector<std::string> command = ArgumentsOf(checking);
  command.insert(command.begin(), "/proc/self/exe");
  auto checker = loadtest::ChildProcess::Start(command);
  if (!checker.ok()) return checker.status();
  checks.checker_ = *std::move(checker);
  const auto serves = checks.checker_->WaitForLine(kServes, kPatience);
  if (!serves.ok()) return serves.status();
  return checks;
}

absl::Status HealthChecks::status() {
  if (checker_ == nullptr || !checker_->HasEnded()) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(
      "the health checks ended: ", absl::StrJoin(checker_->LastLines(3), "; ")));
}

}  // namespace rcukv::bench
