#include "server/service/grpc_status.h"

#include <string>

namespace rcukv {

grpc::Status ToGrpcStatus(const absl::Status& status) {
  // Both number their codes as google.rpc.Code does.
  return grpc::Status(static_cast<grpc::StatusCode>(status.raw_code()),
                      std::string(status.message()));
}

}  // namespace rcukv
