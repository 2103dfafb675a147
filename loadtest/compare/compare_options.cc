#include "loadtest/compare/compare_options.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "loadtest/base/flag_set.h"
#include "loadtest/base/output_file.h"
#include "loadtest/compare/dataset.h"

namespace rcukv::loadtest {
namespace {

// The server's default limits.
constexpr int64_t kMaxBatch = 10'000;
constexpr int64_t kMaxValueBytes = int64_t{1} << 20;
// With room for what is around the values.
constexpr int64_t kMaxAnswerBytes = int64_t{60} << 20;
constexpr int64_t kLayers = 5;
constexpr int64_t kMaxWriteRate = 1'000'000;
constexpr int64_t kMaxDistinctKeys = 1'000'000;

// Numbers separated by commas, sorted. None of them may come twice.
absl::Status SetNumbers(const std::string& text, int64_t min, int64_t max,
                        std::vector<int64_t>* target) {
  const auto error = [&] {
    return absl::InvalidArgumentError(absl::StrFormat(
        "must be different whole numbers from %d to %d, separated by commas", min, max));
  };
  std::vector<int64_t> numbers;
  for (const std::string& word : std::vector<std::string>(absl::StrSplit(text, ','))) {
    int64_t number;
    if (!absl::SimpleAtoi(word, &number) || number < min || number > max) return error();
    numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end());
  if (std::adjacent_find(numbers.begin(), numbers.end()) != numbers.end()) return error();
  *target = std::move(numbers);
  return absl::OkStatus();
}

void AddNumbers(FlagSet& flags, std::string name, std::string help, int64_t min,
                int64_t max, std::vector<int64_t>* target) {
  flags.Add(std::move(name), std::move(help), absl::StrJoin(*target, ","),
            [=](const std::string& text) { return SetNumbers(text, min, max, target); });
}

absl::Status SetStrategies(const std::string& text, CompareOptions& options) {
  absl::StatusOr<std::vector<Strategy>> parsed = ParseStrategies(text);
  if (!parsed.ok()) return parsed.status();
  options.strategies = *std::move(parsed);
  options.strategies_named = true;
  return absl::OkStatus();
}

void AddPresets(FlagSet& flags, CompareOptions& options) {
  flags.Add("quick",
            "under ten minutes: fewer and shorter rounds, fewer sizes, rates and entries",
            &options.quick);
  flags.Add("brief", "half a minute: four strategies, one size of calls, one write rate",
            &options.brief);
}

void AddFlagsOfLayers(FlagSet& flags, CompareOptions& options) {
  flags.Add("readers", "reading threads of layer 1", &options.readers, 1, 1000);
  flags.Add("writers", "writing threads of layer 1", &options.writers, 0, 1000);
  flags.Add("batch", "keys a section at layers 2 and 3, and keys a call at layer 5",
            &options.batch, 1, kMaxBatch);
  flags.Add("distinct_keys", "keys that layers 2 and 3 look up over and over",
            &options.distinct_keys, 1, kMaxDistinctKeys);
  flags.Add("writes_per_second",
            "writes to random keys meanwhile at layers 2 to 4; 0: none",
            &options.writes_per_second, 0, 1e6);
  AddNumbers(flags, "keys", "keys a call at layer 4", 1, kMaxBatch, &options.keys);
  AddNumbers(flags, "write_rates", "writes a second at layer 5", 1, kMaxWriteRate,
             &options.write_rates);
  flags.Add("connections", "connections to a server", &options.connections, 1, 1000);
  flags.Add("in_flight", "calls under way on each connection", &options.in_flight, 1,
            1000);
}

FlagSet FlagsOf(CompareOptions& options) {
  FlagSet flags;
  flags.Add("strategies",
            "which to compare, separated by commas; all: every one there is",
            NamesOf(options.strategies),
            [&options](const std::string& text) { return SetStrategies(text, options); });
  AddNumbers(flags, "layers",
             "1: the primitive; 2: the hash map; 3: in the server; 4: over gRPC; 5: over "
             "gRPC, with writers",
             1, kLayers, &options.layers);
  AddPresets(flags, options);
  flags.Add("seconds", "length of each measurement", &options.seconds, 0.05, 60);
  flags.Add("rounds", "how often each strategy does each work", &options.rounds, 1, 1000);
  flags.Add("entries", "entries of each map and server", &options.entries, 1,
            100'000'000);
  flags.Add("value_bytes", "size of a value", &options.value_bytes,
            static_cast<int64_t>(Dataset::kMinValueBytes), kMaxValueBytes);
  flags.Add("seed", "of the data, the keys over gRPC, the writes and the order of turns",
            &options.seed, 0, INT64_MAX);
  AddFlagsOfLayers(flags, options);
  flags.Add("json", "a file for every sample", &options.json);
  flags.Add("csv", "the same as a table", &options.csv);
  flags.Add("html", "a file to look at: charts and tables, for a browser", &options.html);
  flags.Add("server_binary",
            "the server to start, if not the one built with this program",
            &options.server_binary);
  flags.Add("help", "show this", &options.help);
  return flags;
}

// Found out now, rather than when layer 4 begins.
absl::Status CheckAnswers(const CompareOptions& options) {
  const int64_t most = std::max(options.keys.back(), options.batch);
  if (most * options.value_bytes <= kMaxAnswerBytes) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrFormat("--value_bytes=%d: calls of %d keys would be answered with more "
                      "than %d bytes, which the server refuses; fewer --keys or a "
                      "smaller --batch",
                      options.value_bytes, most, kMaxAnswerBytes));
}

absl::Status CheckTogether(const CompareOptions& options) {
  if (options.quick && options.brief) {
    return absl::InvalidArgumentError("--quick and --brief: which of the two?");
  }
  absl::Status status = CheckFilesDiffer(options.json, options.csv, options.html);
  status.Update(CheckAnswers(options));
  return status;
}

CompareOptions QuickDefaults() {
  CompareOptions options;
  options.seconds = 0.13;
  options.rounds = 9;
  options.entries = 30'000;
  options.keys = {1, 100, 1000};
  options.write_rates = {1000, 10'000};
  return options;
}

CompareOptions BriefDefaults() {
  CompareOptions options = QuickDefaults();
  options.strategies = *ParseStrategies("mb,memb-expedited,memb-non-expedited,rwlock");
  // What the map takes, layer 3 shows as well.
  options.layers = {1, 3, 4, 5};
  options.seconds = 0.06;
  // Fewer have no interval.
  options.rounds = 6;
  options.entries = 10'000;
  options.keys = {100};
  options.write_rates = {1000};
  return options;
}

}  // namespace

bool CompareOptions::HasLayer(int64_t number) const {
  return std::find(layers.begin(), layers.end(), number) != layers.end();
}

absl::StatusOr<CompareOptions> ParseCompareOptions(
    const std::vector<std::string>& arguments) {
  CompareOptions options;
  absl::Status status = FlagsOf(options).Parse(arguments);
  if (status.ok()) status = CheckTogether(options);
  if (status.ok() && (options.quick || options.brief)) {
    // Other defaults; what is given explicitly holds all the same.
    options = options.brief ? BriefDefaults() : QuickDefaults();
    status = FlagsOf(options).Parse(arguments);
  }
  if (!status.ok()) return status;
  return options;
}

std::string CompareHelp() {
  CompareOptions defaults;
  return "loadtest compare: the same work with each strategy, from the primitive to a "
         "client over gRPC.\n" +
         FlagsOf(defaults).Help();
}

}  // namespace rcukv::loadtest
