#include "loadtest/flip/setting_switch.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"

namespace rcukv::loadtest {
namespace {

std::string Lower(const std::string& name) { return absl::AsciiStrToLower(name); }

}  // namespace

absl::StatusOr<v1::GetStatusResponse> SettingSwitch::Begin() {
  absl::StatusOr<v1::GetStatusResponse> status = source_.GetStatus();
  if (!status.ok()) return status;
  if (status->membarrier_mode() == v1::MEMBARRIER_MODE_UNSPECIFIED) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "the server runs with flavor %s, which has no membarrier modes to switch; start "
        "it with --rcu_flavor=memb, and see on its stderr whether the system allows "
        "membarrier",
        Lower(v1::Flavor_Name(status->flavor()))));
  }
  before_ = SettingOf(*status);
  return status;
}

absl::Status SettingSwitch::Set(const FlipSetting& setting) {
  // Whether or not it fails: the server may have done it all the same.
  changed_ = true;
  const absl::Status status = source_.UpdateReclamation(RequestFor(setting)).status();
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrFormat("the server cannot be switched to %s: %s",
                                      NameOf(setting), status.message()));
}

absl::Status SettingSwitch::Restore() {
  if (!std::exchange(changed_, false)) return absl::OkStatus();
  const absl::Status status = source_.UpdateReclamation(RequestFor(before_)).status();
  if (status.ok()) return status;
  return absl::Status(
      status.code(),
      absl::StrFormat("the server could not be switched back to %s: %s; if it runs, do "
                      "so with ./run cli set-membarrier %s and ./run cli set-reclaim %s",
                      NameOf(before_), status.message(),
                      Lower(v1::MembarrierMode_Name(before_.membarrier)),
                      Lower(v1::ReclaimMode_Name(before_.reclaim))));
}

}  // namespace rcukv::loadtest
