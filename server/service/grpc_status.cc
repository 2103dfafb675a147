#include "server/service/grpc_status.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"
#include "proto/rcukv/v1/errors.pb.h"

namespace rcukv {
namespace {

// Empty where there are none.
std::string Details(const absl::Status& status) {
  v1::StatusDetails details;
  status.ForEachPayload([&](absl::string_view type_url, const absl::Cord& value) {
    v1::StatusDetails::Detail& detail = *details.add_details();
    detail.set_type_url(std::string(type_url));
    detail.set_value(std::string(value));
  });
  if (details.details().empty()) return "";
  details.set_code(status.raw_code());
  details.set_message(std::string(status.message()));
  return details.SerializeAsString();
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status) {
  // Both number their codes as google.rpc.Code does.
  return grpc::Status(static_cast<grpc::StatusCode>(status.raw_code()),
                      std::string(status.message()), Details(status));
}

}  // namespace rcukv
