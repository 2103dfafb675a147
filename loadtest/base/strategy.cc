#include "loadtest/base/strategy.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
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

// The server's word for an enumerator.
std::string FlagValue(const std::string& enumerator) {
  return absl::AsciiStrToLower(enumerator);
}

// A server that falls back to another flavor measures that: it is to say what is missing
// instead, and end.
Strategy Of(std::string name, v1::Flavor flavor,
            v1::MembarrierMode mode = v1::MEMBARRIER_MODE_UNSPECIFIED) {
  std::vector<std::string> flags = {"--rcu_flavor=" + FlagValue(v1::Flavor_Name(flavor)),
                                    "--rcu_fallback=refuse"};
  if (mode != v1::MEMBARRIER_MODE_UNSPECIFIED) {
    flags.push_back("--membarrier_mode=" + FlagValue(v1::MembarrierMode_Name(mode)));
  }
  return {.name = std::move(name),
          .flags = std::move(flags),
          .flavor = flavor,
          .membarrier_mode = mode};
}

}  // namespace

const std::vector<Strategy>& AllStrategies() {
  static const auto* const strategies = new std::vector<Strategy>{
      Of("mb", v1::MB),
      Of("memb-expedited", v1::MEMB, v1::EXPEDITED),
      Of("memb-non-expedited", v1::MEMB, v1::NON_EXPEDITED),
      Of("memb-global-expedited", v1::MEMB, v1::GLOBAL_EXPEDITED),
      Of("memb-adaptive", v1::MEMB, v1::ADAPTIVE),
      Of("signal", v1::SIGNAL),
      Of("qsbr", v1::QSBR),
      Of("rseq-expedited", v1::RSEQ, v1::EXPEDITED),
      Of("rseq-non-expedited", v1::RSEQ, v1::NON_EXPEDITED),
      Of("rseq-adaptive", v1::RSEQ, v1::ADAPTIVE),
      Of("rwlock", v1::RWLOCK),
      Of("mutex", v1::MUTEX),
  };
  return *strategies;
}

std::vector<Strategy> DefaultStrategies() {
  return *ParseStrategies(
      "mb,memb-expedited,memb-non-expedited,memb-adaptive,signal,qsbr,rseq-expedited,"
      "rwlock,mutex");
}

absl::StatusOr<std::vector<Strategy>> ParseStrategies(std::string_view names) {
  if (names == "all") return AllStrategies();
  std::vector<Strategy> parsed;
  const std::string dashed =
      absl::StrReplaceAll({names.data(), names.size()}, {{"_", "-"}});
  for (const std::string& name : std::vector<std::string>(absl::StrSplit(dashed, ','))) {
    const Strategy* const strategy = Find(AllStrategies(), name);
    if (strategy == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrFormat("no strategy is called \"%s\"; there are %s, and all", name,
                          NamesOf(AllStrategies(), ", ")));
    }
    if (Find(parsed, name) != nullptr) {
      return absl::InvalidArgumentError(absl::StrFormat("%s is named twice", name));
    }
    parsed.push_back(*strategy);
  }
  return parsed;
}

std::string NamesOf(const std::vector<Strategy>& strategies, std::string_view separator) {
  return absl::StrJoin(
      strategies, absl::string_view(separator.data(), separator.size()),
      [](std::string* out, const Strategy& strategy) { out->append(strategy.name); });
}

}  // namespace rcukv::loadtest
