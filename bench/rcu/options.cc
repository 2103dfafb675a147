#include "bench/rcu/options.h"

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "loadtest/base/flag_set.h"

namespace rcukv::bench {
namespace {

RcuOptions Quick() {
  RcuOptions options;
  options.seconds = 0.1;
  options.table_seconds = 0.5;
  options.modes_seconds = 0.5;
  options.callbacks = 1'000'000;
  return options;
}

loadtest::FlagSet FlagsOf(RcuOptions& options) {
  loadtest::FlagSet flags;
  AddCommonFlags(options, flags);
  flags.Add("seconds", "length of a sample", &options.seconds, 0.01, 600);
  flags.Add("table_seconds", "length of a sample of the table", &options.table_seconds,
            0.01, 600);
  flags.Add("modes_seconds", "length of a sample of a membarrier mode",
            &options.modes_seconds, 0.01, 600);
  flags.Add("callbacks", "objects retired in a sample", &options.callbacks, 1,
            1'000'000'000);
  return flags;
}

}  // namespace

absl::StatusOr<RcuOptions> ParseRcuOptions(const std::vector<std::string>& arguments) {
  RcuOptions options = SaysQuick(arguments) ? Quick() : RcuOptions();
  if (absl::Status status = FlagsOf(options).Parse(arguments); !status.ok())
    return status;
  return options;
}

std::string RcuHelp() {
  RcuOptions defaults;
  return "bench rcu: rcu/ beside liburcu. Each sample is a process of its own; the two "
         "sides take\nturns. Progress and a table of the targets go to standard error, "
         "tables and lines\n\"ratio MEASURE Nx vs PEER\" to standard output.\n" +
         FlagsOf(defaults).Help();
}

std::map<std::string, std::string> Described(const RcuOptions& options) {
  return {{"rounds", absl::StrFormat("%d", options.rounds)},
          {"seconds", absl::StrFormat("%g", options.seconds)},
          {"table_seconds", absl::StrFormat("%g", options.table_seconds)},
          {"modes_seconds", absl::StrFormat("%g", options.modes_seconds)},
          {"callbacks", absl::StrFormat("%d", options.callbacks)},
          {"filter", options.filter}};
}

}  // namespace rcukv::bench
