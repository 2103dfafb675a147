#include "loadtest/strategy.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace rcukv::loadtest {
namespace {

const Strategy* Find(const std::vector<Strategy>& strategies, const std::string& name) {
  const auto found =
      std::find_if(strategies.begin(), strategies.end(),
                   [&](const Strategy& strategy) { return strategy.name == name; });
  return found == strategies.end() ? nullptr : &*found;
}

std::string AllNames() {
  return absl::StrJoin(
      AllStrategies(), ", ",
      [](std::string* out, const Strategy& strategy) { out->append(strategy.name); });
}

}  // namespace

const std::vector<Strategy>& AllStrategies() {
  static const auto* const strategies = new std::vector<Strategy>{
      {"mb", {"--rcu_flavor=mb"}, v1::MB},
      {"memb-expedited",
       {"--rcu_flavor=memb", "--membarrier_mode=expedited"},
       v1::MEMB,
       v1::EXPEDITED},
      {"memb-non-expedited",
       {"--rcu_flavor=memb", "--membarrier_mode=non_expedited"},
       v1::MEMB,
       v1::NON_EXPEDITED},
      {"rwlock", {"--rcu_flavor=rwlock"}, v1::RWLOCK},
  };
  return *strategies;
}

absl::StatusOr<std::vector<Strategy>> ParseStrategies(std::string_view names) {
  std::vector<Strategy> parsed;
  const std::string dashed =
      absl::StrReplaceAll({names.data(), names.size()}, {{"_", "-"}});
  for (const std::string& name : std::vector<std::string>(absl::StrSplit(dashed, ','))) {
    const Strategy* strategy = Find(AllStrategies(), name);
    if (strategy == nullptr) {
      return absl::InvalidArgumentError(absl::StrFormat(
          "no strategy is called \"%s\"; there are %s", name, AllNames()));
    }
    if (Find(parsed, name) != nullptr) {
      return absl::InvalidArgumentError(absl::StrFormat("%s is named twice", name));
    }
    parsed.push_back(*strategy);
  }
  return parsed;
}

}  // namespace rcukv::loadtest
