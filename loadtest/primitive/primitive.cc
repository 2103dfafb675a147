#include "loadtest/primitive/primitive.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_format.h"
#include "loadtest/base/flag_set.h"
#include "loadtest/base/interrupt.h"
#include "loadtest/base/statistics.h"
#include "loadtest/base/text_table.h"
#include "loadtest/primitive/primitive_load.h"

namespace rcukv::loadtest {
namespace {

// Of the patch: 6 readers, 2 writers, 10 s on an 8-core Xeon E5405.
struct Published {
  const char* strategy;
  double reads;
  double writes;
};

constexpr double kPatchSeconds = 10;
constexpr Published kPublished[] = {
    {"mb", 1'701'557'485, 3'129'842},
    {"signal", 9'825'306'874, 5'386},
    {"memb-expedited", 6'637'539'697, 852'129},
    {"memb-non-expedited", 7'992'076'602, 220},
};

// All 0 where the patch has none.
Published PublishedOf(const std::string& strategy) {
  const auto found = std::find_if(
      std::begin(kPublished), std::end(kPublished),
      [&](const Published& published) { return strategy == published.strategy; });
  return found == std::end(kPublished) ? Published{} : *found;
}

absl::Status SetStrategies(PrimitiveOptions& options, const std::string& names) {
  auto parsed = ParseStrategies(names);
  if (parsed.ok()) options.strategies = *std::move(parsed);
  return parsed.status();
}

FlagSet FlagsOf(PrimitiveOptions& options) {
  FlagSet flags;
  flags.Add(
      "strategies",
      "which to compare, separated by commas; all: " + NamesOf(AllStrategies(), ", "),
      kDefaultPrimitives,
      [&options](const std::string& names) { return SetStrategies(options, names); });
  flags.Add("readers", "reading threads", &options.readers, 1, 1000);
  flags.Add("writers", "writing threads", &options.writers, 0, 1000);
  flags.Add("seconds", "length of each turn of a strategy", &options.seconds, 0.01, 600);
  flags.Add("rounds", "how often each strategy has its turn", &options.rounds, 1, 1000);
  flags.Add("help", "show this", &options.help);
  return flags;
}

std::string PerSecond(double figure) {
  return figure == 0 ? "-" : ShortNumber(figure / kPatchSeconds);
}

std::string RatioTo(double figure, double base) {
  return figure == 0 || base == 0 ? "-" : absl::StrFormat("%.2f", figure / base);
}

}  // namespace

absl::StatusOr<PrimitiveOptions> ParsePrimitiveOptions(
    const std::vector<std::string>& arguments) {
  PrimitiveOptions options = {.strategies = *ParseStrategies(kDefaultPrimitives)};
  if (absl::Status status = FlagsOf(options).Parse(arguments); !status.ok())
    return status;
  return options;
}

std::string PrimitiveHelp() {
  PrimitiveOptions defaults;
  return "loadtest primitive: readers and writers of one pointer, without a server.\n" +
         FlagsOf(defaults).Help();
}

absl::StatusOr<std::vector<PrimitiveResult>> RunPrimitive(
    const PrimitiveOptions& options) {
  for (const Strategy& strategy : options.strategies) {
    if (absl::Status status = PreparePrimitive(strategy); !status.ok()) {
      return absl::Status(status.code(),
                          absl::StrFormat("strategy %s: %s; leave it out with "
                                          "--strategies=",
                                          strategy.name, status.message()));
    }
  }
  const PrimitiveLoad load = {.readers = options.readers,
                              .writers = options.writers,
                              .duration = absl::Seconds(options.seconds)};
  const size_t count = options.strategies.size();
  std::vector<std::vector<double>> reads(count), writes(count);
  for (int64_t round = 0; round < options.rounds && !Interrupted(); ++round) {
    for (size_t i = 0; i < count; ++i) {
      const Strategy& strategy = options.strategies[i];
      // Another mode of its domain may have had its turn since.
      if (absl::Status status = PreparePrimitive(strategy); !status.ok()) return status;
      const PrimitiveRates rates = RunPrimitiveLoad(strategy, load);
      if (rates.wrong > 0) {
        return absl::DataLossError(
            absl::StrFormat("strategy %s: %d reads saw an object that had been freed",
                            strategy.name, rates.wrong));
      }
      if (Interrupted()) break;
      reads[i].push_back(rates.reads_per_second);
      writes[i].push_back(rates.writes_per_second);
    }
  }
  std::vector<PrimitiveResult> results;
  for (size_t i = 0; i < count; ++i) {
    results.push_back({options.strategies[i].name, SpreadOf(reads[i]).median,
                       SpreadOf(writes[i]).median});
  }
  return results;
}

std::string RenderPrimitive(const PrimitiveOptions& options,
                            const std::vector<PrimitiveResult>& results) {
  // What the others are compared with: mb, or the first where that was left out.
  const auto mb =
      std::find_if(results.begin(), results.end(),
                   [](const PrimitiveResult& result) { return result.strategy == "mb"; });
  const PrimitiveResult& base = mb == results.end() ? results.front() : *mb;
  const Published base_in_patch = PublishedOf(base.strategy);
  const std::string to_base = "to " + base.strategy;
  TextTable table({"strategy", "reads/s", to_base, "writes/s", "| patch: reads/s",
                   to_base, "writes/s"});
  for (const PrimitiveResult& result : results) {
    const Published published = PublishedOf(result.strategy);
    table.AddRow({result.strategy, ShortNumber(result.reads_per_second),
                  RatioTo(result.reads_per_second, base.reads_per_second),
                  ShortNumber(result.writes_per_second), PerSecond(published.reads),
                  RatioTo(published.reads, base_in_patch.reads),
                  PerSecond(published.writes)});
  }
  return absl::StrFormat(
             "%d readers, %d writers; a write publishes and waits for a grace period; "
             "medians of %d rounds.\n"
             "The patch's figures are those published with sys_membarrier in 2015, from "
             "another machine\n(8-core Xeon E5405, 6 readers, 2 writers): compare "
             "ratios, "
             "not rates.\n\n",
             options.readers, options.writers, options.rounds) +
         table.Render();
}

}  // namespace rcukv::loadtest
