#include "bench/map/sampler.h"

#include <algorithm>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "bench/sampler_process.h"
#include "loadtest/base/flag_set.h"

namespace rcukv::bench {
namespace {

constexpr int64_t kMaxEntries = 100'000'000;
// At most, of the slowest table.
constexpr double kFillSeconds = 300;

absl::Status SetRows(const std::string& text, std::vector<Row>* rows) {
  rows->clear();
  for (const std::string& word :
       std::vector<std::string>(absl::StrSplit(text, ',', absl::SkipEmpty()))) {
    const absl::StatusOr<Row> row = ParseRow(word);
    if (!row.ok()) return row.status();
    rows->push_back(*row);
  }
  return absl::OkStatus();
}

loadtest::FlagSet FlagsOf(MapSampleOptions& options) {
  loadtest::FlagSet flags;
  flags.Add("table", "which one", &options.table);
  flags.Add("entries", "how many the table has, or gets", &options.entries, 2,
            kMaxEntries);
  flags.Add("rows", "loads to run, with commas between them", "",
            [&options](const std::string& text) { return SetRows(text, &options.rows); });
  flags.Add("seconds", "how long a load is watched", &options.seconds, 0.001, 600);
  return flags;
}

absl::Status CheckRows(const MapContender& contender, const MapSampleOptions& options) {
  for (const Row& row : options.rows) {
    if (row.access != Access::kMultiGet || contender.multi_get) continue;
    return absl::InvalidArgumentError(
        absl::StrFormat("table %s has no MultiGet", contender.table));
  }
  return absl::OkStatus();
}

int TakeSample(const MapContender& contender, const std::string& work,
               const MapSampleOptions& options) {
  if (work == "growth" && contender.growth == nullptr) {
    return SamplerUnsupported(absl::StrFormat("%s does not grow", contender.table));
  }
  if (absl::Status status = CheckRows(contender, options); !status.ok()) {
    return SamplerFailed(status);
  }
  if (absl::Status status = contender.prepare(); !status.ok()) {
    return SamplerUnsupported(std::string(status.message()));
  }
  return SamplerDone(work == "growth" ? contender.growth(options)
                                      : contender.load(options));
}

double PerEntry(int64_t before, int64_t after, int64_t entries) {
  return static_cast<double>(after - before) / static_cast<double>(entries);
}

}  // namespace

DrawsOfRows::DrawsOfRows(const MapSampleOptions& options) {
  for (const Row& row : options.rows) {
    auto& draws = draws_[row.distribution];
    while (draws.size() < static_cast<size_t>(row.threads)) {
      draws.push_back(MakeDraws(row.distribution, static_cast<uint32_t>(options.entries),
                                /*seed=*/draws.size()));
    }
  }
}

std::vector<std::vector<Draw>> DrawsOfRows::Of(const Row& row) const {
  const auto& draws = draws_.at(row.distribution);
  std::vector<std::vector<Draw>> mixed;
  for (size_t i = 0; i < static_cast<size_t>(row.threads); ++i) {
    mixed.push_back(WithUpdates(draws[i], row.updates, /*seed=*/i));
  }
  return mixed;
}

Figures FiguresOfMemory(const Memory& before, const Memory& after, int64_t entries) {
  const double resident = PerEntry(before.resident_bytes, after.resident_bytes, entries);
  return {
      {"resident_bytes_per_entry", resident},
      {"overhead_bytes_per_entry", resident - double{kKeyAndValueBytes}},
      {"allocated_bytes_per_entry",
       PerEntry(before.allocated_bytes, after.allocated_bytes, entries)},
      {"allocator_bytes_per_entry", PerEntry(before.allocator_resident_bytes,
                                             after.allocator_resident_bytes, entries)}};
}

Figures FiguresOfGrowth(const GrowthResult& growth, int64_t entries) {
  Figures figures;
  if (growth.entries == entries) {
    figures["growth_seconds"] = growth.seconds;
  } else {
    figures["unfinished_growth_entries"] = growth.entries;
  }
  figures["reader_sleeps"] = static_cast<double>(growth.reader_sleeps);
  figures["longest_cpu_ns"] = static_cast<double>(growth.longest_cpu_ns);
  for (const auto& [name, turns] :
       {std::pair("read", &growth.reads), std::pair("gap", &growth.gaps)}) {
    figures[absl::StrFormat("%s_p50_ns", name)] =
        static_cast<double>(turns->Percentile(50));
    figures[absl::StrFormat("%s_p999_ns", name)] =
        static_cast<double>(turns->Percentile(99.9));
    figures[absl::StrFormat("%s_max_ns", name)] = static_cast<double>(turns->max());
  }
  return figures;
}

int MapSamplerMain(int argc, char** argv, const std::vector<MapContender>& contenders) {
  MapSampleOptions options;
  const absl::StatusOr<std::string> work =
      ParseSamplerArguments(argc, argv, {"load", "growth"}, FlagsOf(options));
  if (!work.ok()) return SamplerFailed(work.status());
  const auto contender =
      std::ranges::find(contenders, options.table, &MapContender::table);
  if (contender == contenders.end()) {
    return SamplerUnsupported(absl::StrFormat("there is no table \"%s\"", options.table));
  }
  EndWithParent(kFillSeconds +
                options.seconds * static_cast<double>(options.rows.size()));
  return TakeSample(*contender, *work, options);
}

}  // namespace rcukv::bench
