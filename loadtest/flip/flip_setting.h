// What is switched while a server runs: how its grace periods call membarrier, and what
// its committer does with the entries that a write replaced.
//
// Thread safety: pure functions.
#ifndef RCUKV_LOADTEST_FLIP_FLIP_SETTING_H_
#define RCUKV_LOADTEST_FLIP_FLIP_SETTING_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/rcukv/v1/admin.pb.h"

namespace rcukv::loadtest {

struct FlipSetting {
  v1::MembarrierMode membarrier = v1::EXPEDITED;
  v1::ReclaimMode reclaim = v1::CALL_RCU;

  bool operator==(const FlipSetting&) const = default;
};

// "non_expedited/call_rcu".
std::string NameOf(const FlipSetting& setting);

// Every mode with call_rcu, then every mode with synchronize.
std::vector<FlipSetting> AllFlipSettings();

// All but global_expedited/synchronize, whose writers wait for the same as those of
// expedited/synchronize.
std::vector<FlipSetting> DefaultFlipSettings();

// The settings of a list of names separated by commas, where '-' may stand for '_', and a
// mode alone is that with call_rcu; "all": every one. INVALID_ARGUMENT says what there
// is: also where one is there twice, or where there are fewer than two, between which
// nothing can be switched.
absl::StatusOr<std::vector<FlipSetting>> ParseFlipSettings(std::string_view names);

// "expedited/call_rcu,adaptive/call_rcu": as ParseFlipSettings takes it.
std::string NamesOf(const std::vector<FlipSetting>& settings);

// What a server says that it runs with.
FlipSetting SettingOf(const v1::GetStatusResponse& status);

v1::UpdateReclamationRequest RequestFor(const FlipSetting& setting);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_FLIP_FLIP_SETTING_H_
