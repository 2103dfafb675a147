// What grpc.health.v1 tells about a listener: the services it has, and whether they
// serve.
#ifndef RCUKV_SERVER_SERVICE_HEALTH_H_
#define RCUKV_SERVER_SERVICE_HEALTH_H_

#include <atomic>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "proto/grpc/health/v1/health.pb.h"
#include "server/service/output_buffer.h"

namespace rcukv {

// A listener has one service, and the empty name stands for it as a whole. It listens
// once its data is loaded, so it serves from the start.
//
// Thread safety: any thread at any time.
class Health {
 public:
  using Status = grpc::health::v1::HealthCheckResponse::ServingStatus;

  // The full name of the service: "rcukv.v1.KeyValueService".
  explicit Health(std::string_view service) : service_(service) {}
  Health(const Health&) = delete;
  Health& operator=(const Health&) = delete;

  // From now on it says NOT_SERVING.
  void StopServing() {
    // relaxed: nothing is published through it.
    serving_.store(false, std::memory_order_relaxed);
  }

  // SERVICE_UNKNOWN for any other service.
  Status StatusOf(std::string_view service) const;

  // The method Check; NOT_FOUND for any other service.
  absl::Status Check(const grpc::health::v1::HealthCheckRequest& request,
                     grpc::health::v1::HealthCheckResponse* response) const;

 private:
  const std::string service_;
  std::atomic<bool> serving_{true};
};

// Check from request bytes to response bytes, as the data plane serves it.
//
// Thread safety: any thread at any time.
class HealthPath {
 public:
  // `health` outlives the path.
  explicit HealthPath(const Health& health) : health_(health) {}

  // Puts a serialized HealthCheckResponse into `response`. INVALID_ARGUMENT for what is
  // no request.
  absl::Status Check(std::string_view request, OutputBuffer* response);

 private:
  const Health& health_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_HEALTH_H_
