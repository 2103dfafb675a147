#include "loadtest/compare/servers.h"

#include "absl/status/status.h"

namespace rcukv::loadtest {

absl::StatusOr<Arm*> Servers::Get(const Strategy& strategy, v1::ReadSection section) {
  std::unique_ptr<Arm>& arm = arms_[{strategy.name, section}];
  if (arm != nullptr) return arm.get();
  absl::StatusOr<std::unique_ptr<Arm>> started =
      Arm::Start(strategy, section, server_binary_, dataset_);
  if (!started.ok()) return started.status();
  if (absl::Status status = (*started)->Load(); !status.ok()) return status;
  arm = *std::move(started);
  return arm.get();
}

}  // namespace rcukv::loadtest
