#include "server/service/health.h"

#include "absl/strings/str_cat.h"
#include "server/service/message_bytes.h"
#include "server/table/printable.h"

namespace rcukv {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

Health::Status Health::StatusOf(std::string_view service) const {
  if (!service.empty() && service != service_) {
    return HealthCheckResponse::SERVICE_UNKNOWN;
  }
  // relaxed: see StopServing.
  return serving_.load(std::memory_order_relaxed) ? HealthCheckResponse::SERVING
                                                  : HealthCheckResponse::NOT_SERVING;
}

absl::Status Health::Check(const HealthCheckRequest& request,
                           HealthCheckResponse* response) const {
  const Status status = StatusOf(request.service());
  if (status == HealthCheckResponse::SERVICE_UNKNOWN) {
    return absl::NotFoundError(absl::StrCat("service: ", Printable(request.service()),
                                            " is not here, ", service_, " is"));
  }
  response->set_status(status);
  return absl::OkStatus();
}

absl::Status HealthPath::Check(std::string_view bytes, OutputBuffer* response) {
  HealthCheckRequest request;
  HealthCheckResponse answer;
  absl::Status status = ParseMessage(bytes, &request);
  if (status.ok()) status = health_.Check(request, &answer);
  if (status.ok()) AppendMessage(answer, response);
  return status;
}

}  // namespace rcukv
