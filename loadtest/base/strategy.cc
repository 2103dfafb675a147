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

template <class Container, class Value>
bool Contains(const Container& container, const Value& value) {
  return std::find(container.begin(), container.end(), value) != container.end();
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
  return *ParseStrategies("mb,memb-expedited,memb-non-expedited,rwlock");
}

absl::StatusOr<std::vector<Strategy>> ParseStrategies(std::string_view names) {
  std::vector<std::string> known;
  for (const Strategy& strategy : AllStrategies()) known.push_back(strategy.name);
  const auto parsed = ParseStrategyNames(names, known);
  if (!parsed.ok()) return parsed.status();
  std::vector<Strategy> strategies;
  for (const std::string& name : *parsed) {
    strategies.push_back(*std::find_if(
        AllStrategies().begin(), AllStrategies().end(),
        [&name](const Strategy& strategy) { return strategy.name == name; }));
  }
  return strategies;
}

absl::StatusOr<std::vector<std::string>> ParseStrategyNames(
    std::string_view names, const std::vector<std::string>& known) {
  if (names == "all") return known;
  std::vector<std::string> parsed;
  const std::string dashed =
      absl::StrReplaceAll({names.data(), names.size()}, {{"_", "-"}});
  for (const std::string& name : std::vector<std::string>(absl::StrSplit(dashed, ','))) {
    if (!Contains(known, name)) {
      return absl::InvalidArgumentError(
          absl::StrFormat("no strategy is called \"%s\"; there are %s, and all", name,
                          absl::StrJoin(known, ", ")));
    }
    if (Contains(parsed, name)) {
      return absl::InvalidArgumentError(absl::StrFormat("%s is named twice", name));
    }
    parsed.push_back(name);
  }
  return parsed;
}

}  // namespace rcukv::loadtest
