// What an orchestrator does beside a load: asks the server whether it serves.
#ifndef RCUKV_BENCH_SERVE_HEALTH_CHECKS_H_
#define RCUKV_BENCH_SERVE_HEALTH_CHECKS_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>

#include "absl/synchronization/notification.h"
#include "proto/grpc/health/v1/health.grpc.pb.h"

namespace rcukv::bench {

// Calls grpc.health.v1.Health/Check so many times a second, on a connection of its own,
// until it goes. Any answer but SERVING ends the sample.
//
// Thread safety: one thread.
class HealthChecks {
 public:
  // `port` on the loopback interface. Returns when the first is answered. None at all
  // where `per_second` is 0.
  HealthChecks(int64_t port, int64_t per_second);
  HealthChecks(const HealthChecks&) = delete;
  HealthChecks& operator=(const HealthChecks&) = delete;
  ~HealthChecks();

  // Until now.
  int64_t answered() const {
    // relaxed: nothing is published through it.
    return answered_.load(std::memory_order_relaxed);
  }

 private:
  void Check();
  void CheckUntilStopped(int64_t per_second);

  const std::unique_ptr<grpc::health::v1::Health::Stub> stub_;
  std::atomic<int64_t> answered_{0};
  absl::Notification stopped_;
  std::thread thread_;
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_HEALTH_CHECKS_H_
