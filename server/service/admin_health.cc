#include "server/service/admin_health.h"

#include "server/service/grpc_status.h"

namespace rcukv {

grpc::Status AdminHealth::Check(grpc::ServerContext*,
                                const grpc::health::v1::HealthCheckRequest* request,
                                grpc::health::v1::HealthCheckResponse* response) {
  return ToGrpcStatus(health_.Check(*request, response));
}

}  // namespace rcukv
