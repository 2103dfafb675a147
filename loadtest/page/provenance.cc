#include "loadtest/page/provenance.h"

#include <grpcpp/grpcpp.h>

#include "absl/strings/str_format.h"

namespace rcukv::loadtest {

std::vector<Fact> Provenance(absl::Time written) {
  return {
      {"Libraries", absl::StrFormat("gRPC %s, %s", grpc::Version(), ChartJsVersion())},
      {"Written",
       absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", written, absl::UTCTimeZone())}};
}

}  // namespace rcukv::loadtest
