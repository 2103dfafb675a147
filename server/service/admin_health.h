// grpc.health.v1 beside AdminService: Check alone, as Watch would keep one of the few
// threads there for as long as a client likes. Clients take UNIMPLEMENTED for an answer.
#ifndef RCUKV_SERVER_SERVICE_ADMIN_HEALTH_H_
#define RCUKV_SERVER_SERVICE_ADMIN_HEALTH_H_

#include "proto/grpc/health/v1/health.grpc.pb.h"
#include "server/service/health.h"

namespace rcukv {

// Thread safety: any thread at any time.
class AdminHealth final : public grpc::health::v1::Health::Service {
 public:
  // `health` outlives the service.
  explicit AdminHealth(const Health& health) : health_(health) {}

  grpc::Status Check(grpc::ServerContext* context,
                     const grpc::health::v1::HealthCheckRequest* request,
                     grpc::health::v1::HealthCheckResponse* response) override;

 private:
  const Health& health_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_ADMIN_HEALTH_H_
