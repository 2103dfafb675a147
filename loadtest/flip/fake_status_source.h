// A server that says what a test wants it to.
#ifndef RCUKV_LOADTEST_FLIP_FAKE_STATUS_SOURCE_H_
#define RCUKV_LOADTEST_FLIP_FAKE_STATUS_SOURCE_H_

#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "loadtest/flip/flip_setting.h"
#include "loadtest/flip/status_source.h"

namespace rcukv::loadtest {

class FakeStatusSource : public StatusSource {
 public:
  // Of the flavor memb, with expedited/call_rcu.
  FakeStatusSource() {
    status.set_flavor(v1::MEMB);
    status.set_membarrier_mode(v1::EXPEDITED);
    status.set_reclaim_mode(v1::CALL_RCU);
    status.set_pid(1);
  }

  absl::StatusOr<v1::GetStatusResponse> GetStatus() override {
    if (before_status) before_status();
    if (!failure.ok()) return failure;
    return status;
  }

  absl::StatusOr<v1::UpdateReclamationResponse> UpdateReclamation(
      const v1::UpdateReclamationRequest& request) override {
    if (!failure.ok()) return failure;
    if (!update_failure.ok()) return update_failure;
    v1::UpdateReclamationResponse response;
    response.set_previous_membarrier_mode(status.membarrier_mode());
    response.set_previous_reclaim_mode(status.reclaim_mode());
    status.set_membarrier_mode(request.membarrier_mode());
    status.set_reclaim_mode(request.reclaim_mode());
    updates.push_back(SettingOf(status));
    return response;
  }

  // What it answers; a switch changes it.
  v1::GetStatusResponse status;
  // Called before each answer of GetStatus.
  std::function<void()> before_status;
  // Of every call, and of UpdateReclamation alone.
  absl::Status failure;
  absl::Status update_failure;
  // What was switched to, in the order of the calls.
  std::vector<FlipSetting> updates;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_FLIP_FAKE_STATUS_SOURCE_H_
