// A server's admin service.
#ifndef RCUKV_LOADTEST_FLIP_ADMIN_STATUS_SOURCE_H_
#define RCUKV_LOADTEST_FLIP_ADMIN_STATUS_SOURCE_H_

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "clients/cpp/admin_client.h"
#include "loadtest/flip/status_source.h"

namespace rcukv::loadtest {

class AdminStatusSource : public StatusSource {
 public:
  explicit AdminStatusSource(std::unique_ptr<AdminClient> admin)
      : admin_(std::move(admin)) {}

  absl::StatusOr<v1::GetStatusResponse> GetStatus() override {
    return admin_->GetStatus();
  }
  absl::StatusOr<v1::UpdateReclamationResponse> UpdateReclamation(
      const v1::UpdateReclamationRequest& request) override {
    return admin_->UpdateReclamation(request);
  }

 private:
  const std::unique_ptr<AdminClient> admin_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_FLIP_ADMIN_STATUS_SOURCE_H_
