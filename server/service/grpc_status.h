// The one place where a Status becomes a gRPC status.
#ifndef RCUKV_SERVER_SERVICE_GRPC_STATUS_H_
#define RCUKV_SERVER_SERVICE_GRPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace rcukv {

// The same code and message. Payloads become details, as StatusDetails of errors.proto.
grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_GRPC_STATUS_H_
