// What an orchestrator does beside a load: asks the server whether it serves.
#ifndef RCUKV_BENCH_SERVE_HEALTH_CHECKS_H_
#define RCUKV_BENCH_SERVE_HEALTH_CHECKS_H_

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/serve/sample_options.h"
#include "loadtest/process/child_process.h"

namespace rcukv::bench {

// Calls grpc.health.v1.Health/Check options.health_checks times a second until it is
// killed. Any answer but SERVING is an error, and ends it.
absl::Status CheckHealthForever(const ServeSampleOptions& options);

// That, in a process of its own: in that of a load its calls would take turns with the
// load's at gRPC's one place to wait for events, and so cost the client what they do not
// cost the server.
//
// Thread safety: one thread.
class HealthChecks {
 public:
  // Returns when the first is answered; none at all where options.health_checks is 0.
  static absl::StatusOr<HealthChecks> Start(const ServeSampleOptions& options);

  // Whether all was well until now.
  absl::Status status();

 private:
  HealthChecks() = default;

  // Null: no checks.
  std::unique_ptr<loadtest::ChildProcess> checker_;
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_HEALTH_CHECKS_H_
