#include "loadtest/flip/flip_setting.h"

#include <algorithm>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace rcukv::loadtest {
namespace {

constexpr v1::MembarrierMode kModes[] = {v1::EXPEDITED, v1::NON_EXPEDITED,
                                         v1::GLOBAL_EXPEDITED, v1::ADAPTIVE};

std::optional<FlipSetting> Find(std::string name) {
  if (name.find('/') == name.npos) name += "/call_rcu";
  for (const FlipSetting& setting : AllFlipSettings()) {
    if (NameOf(setting) == name) return setting;
  }
  return {};
}

absl::Status Add(const std::string& name, std::vector<FlipSetting>& settings) {
  const std::optional<FlipSetting> setting = Find(name);
  if (!setting.has_value()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("there is no setting \"%s\"; there are %s, and all", name,
                        NamesOf(AllFlipSettings())));
  }
  if (std::find(settings.begin(), settings.end(), *setting) != settings.end()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s is there twice; leave one out", NameOf(*setting)));
  }
  settings.push_back(*setting);
  return absl::OkStatus();
}

}  // namespace

std::string NameOf(const FlipSetting& setting) {
  return absl::AsciiStrToLower(v1::MembarrierMode_Name(setting.membarrier) + "/" +
                               v1::ReclaimMode_Name(setting.reclaim));
}

std::vector<FlipSetting> AllFlipSettings() {
  std::vector<FlipSetting> settings;
  for (const v1::ReclaimMode reclaim : {v1::CALL_RCU, v1::SYNCHRONIZE}) {
    for (const v1::MembarrierMode membarrier : kModes) {
      settings.push_back({.membarrier = membarrier, .reclaim = reclaim});
    }
  }
  return settings;
}

std::vector<FlipSetting> DefaultFlipSettings() {
  std::vector<FlipSetting> settings = AllFlipSettings();
  std::erase(settings, FlipSetting{v1::GLOBAL_EXPEDITED, v1::SYNCHRONIZE});
  return settings;
}

absl::StatusOr<std::vector<FlipSetting>> ParseFlipSettings(std::string_view names) {
  if (names == "all") return AllFlipSettings();
  const std::string text = absl::StrReplaceAll(std::string(names), {{"-", "_"}});
  std::vector<FlipSetting> settings;
  for (const std::string& name : std::vector<std::string>(absl::StrSplit(text, ','))) {
    const absl::Status status = Add(name, settings);
    if (!status.ok()) return status;
  }
  if (settings.size() < 2) {
    return absl::InvalidArgumentError(
        "must be two settings or more, separated by commas: with one there is nothing "
        "to switch");
  }
  return settings;
}

std::string NamesOf(const std::vector<FlipSetting>& settings) {
  return absl::StrJoin(settings, ",", [](std::string* out, const FlipSetting& setting) {
    *out += NameOf(setting);
  });
}

FlipSetting SettingOf(const v1::GetStatusResponse& status) {
  return {.membarrier = status.membarrier_mode(), .reclaim = status.reclaim_mode()};
}

v1::UpdateReclamationRequest RequestFor(const FlipSetting& setting) {
  v1::UpdateReclamationRequest request;
  request.set_membarrier_mode(setting.membarrier);
  request.set_reclaim_mode(setting.reclaim);
  return request;
}

}  // namespace rcukv::loadtest
