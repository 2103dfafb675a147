#include "loadtest/compare/compare_options.h"

#include "absl/strings/str_join.h"
#include "loadtest/base/flag_set.h"
#include "loadtest/compare/dataset.h"

namespace rcukv::loadtest {
namespace {

// The server's default limits.
constexpr int64_t kMaxBatch = 10'000;
constexpr int64_t kMaxValueBytes = int64_t{1} << 20;

std::string NamesOf(const std::vector<Strategy>& strategies) {
  return absl::StrJoin(strategies, ",", [](std::string* out, const Strategy& strategy) {
    out->append(strategy.name);
  });
}

FlagSet FlagsOf(CompareOptions& options) {
  FlagSet flags;
  flags.Add("strategies",
            "which to compare, separated by commas; all: every one there is",
            NamesOf(options.strategies), [&options](const std::string& text) {
              absl::StatusOr<std::vector<Strategy>> parsed = ParseStrategies(text);
              if (parsed.ok()) options.strategies = *std::move(parsed);
              return parsed.status();
            });
  flags.Add("quick", "half a minute instead of three minutes: fewer and shorter rounds",
            &options.quick);
  flags.Add("seconds", "length of each of the four measurements of a strategy's turn",
            &options.seconds, 0.05, 60);
  flags.Add("rounds", "how often each strategy has its turn", &options.rounds, 1, 1000);
  flags.Add("entries", "entries of each server", &options.entries, 1, 100'000'000);
  flags.Add("value_bytes", "size of a value", &options.value_bytes,
            static_cast<int64_t>(Dataset::kMinValueBytes), kMaxValueBytes);
  flags.Add("seed", "of the data, the choice of keys and the order of turns",
            &options.seed, 0, INT64_MAX);
  flags.Add("connections", "connections to the server", &options.connections, 1, 1000);
  flags.Add("in_flight", "calls under way on each connection", &options.in_flight, 1,
            1000);
  flags.Add("batch", "keys a call, and keys a section inside the server", &options.batch,
            1, kMaxBatch);
  flags.Add("distinct_keys", "keys that the loads inside the server draw from; 0: 100000",
            &options.distinct_keys, 0, 1'000'000);
  flags.Add("writes_per_second", "writes to random keys meanwhile; 0: none",
            &options.writes_per_second, 0, 1e6);
  flags.Add("json", "a file for the raw samples", &options.json);
  flags.Add("server_binary",
            "the server to start, if not the one built with this program",
            &options.server_binary);
  flags.Add("help", "show this", &options.help);
  return flags;
}

CompareOptions QuickDefaults() {
  CompareOptions options;
  options.seconds = 0.2;
  options.rounds = 9;
  options.entries = 30'000;
  return options;
}

}  // namespace

absl::StatusOr<CompareOptions> ParseCompareOptions(
    const std::vector<std::string>& arguments) {
  CompareOptions options;
  absl::Status status = FlagsOf(options).Parse(arguments);
  if (status.ok() && options.quick) {
    // Other defaults; what is given explicitly holds all the same.
    options = QuickDefaults();
    status = FlagsOf(options).Parse(arguments);
  }
  if (!status.ok()) return status;
  return options;
}

std::string CompareHelp() {
  CompareOptions defaults;
  return "loadtest compare: the same load on one server a strategy, in turns.\n" +
         FlagsOf(defaults).Help();
}

}  // namespace rcukv::loadtest
