#include "bench/map/options.h"

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "loadtest/base/flag_set.h"

namespace rcukv::bench {
namespace {

MapOptions Quick() {
  MapOptions options;
  options.seconds = 0.05;
  options.max_entries = 1'000'000;
  return options;
}

loadtest::FlagSet FlagsOf(MapOptions& options) {
  loadtest::FlagSet flags;
  AddCommonFlags(options, flags);
  flags.Add("full", "every combination of sizes, threads and updates", &options.full);
  flags.Add("seconds", "how long each row is watched", &options.seconds, 0.01, 600);
  flags.Add("max_entries", "leave larger tables out", &options.max_entries, 100'000,
            10'000'000);
  return flags;
}

}  // namespace

absl::StatusOr<MapOptions> ParseMapOptions(const std::vector<std::string>& arguments) {
  MapOptions options = SaysQuick(arguments) ? Quick() : MapOptions();
  if (absl::Status status = FlagsOf(options).Parse(arguments); !status.ok())
    return status;
  return options;
}

std::string MapHelp() {
  MapOptions defaults;
  return "bench map: rcu::HashMap beside concurrent maps of others, with keys of 16 and "
         "values of 64\nbytes. Each sample is a process of its own that fills a table "
         "and "
         "runs all its rows; the\ntables take turns. Progress and a table of the targets "
         "go "
         "to standard error, tables and lines\n\"ratio MEASURE Nx vs PEER\", the best "
         "peer "
         "of each, to standard output.\n" +
         FlagsOf(defaults).Help();
}

std::map<std::string, std::string> Described(const MapOptions& options) {
  return {{"rounds", absl::StrFormat("%d", options.rounds)},
          {"seconds", absl::StrFormat("%g", options.seconds)},
          {"max_entries", absl::StrFormat("%d", options.max_entries)},
          {"full", options.full ? "true" : "false"},
          {"filter", options.filter}};
}

}  // namespace rcukv::bench
