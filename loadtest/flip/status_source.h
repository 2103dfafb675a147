// What a flip asks of a server: how it does, and to run with another setting.
#ifndef RCUKV_LOADTEST_FLIP_STATUS_SOURCE_H_
#define RCUKV_LOADTEST_FLIP_STATUS_SOURCE_H_

#include "absl/status/statusor.h"
#include "proto/rcukv/v1/admin.pb.h"

namespace rcukv::loadtest {

// Thread safety: one thread. Errors: of AdminClient.
class StatusSource {
 public:
  virtual ~StatusSource() = default;

  virtual absl::StatusOr<v1::GetStatusResponse> GetStatus() = 0;

  // Returns what was set before.
  virtual absl::StatusOr<v1::UpdateReclamationResponse> UpdateReclamation(
      const v1::UpdateReclamationRequest& request) = 0;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_FLIP_STATUS_SOURCE_H_
