#include "loadtest/compare/map_layer.h"

#include <algorithm>
#include <thread>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "loadtest/base/interrupt.h"
#include "loadtest/base/text_table.h"
#include "loadtest/compare/case_names.h"
#include "loadtest/compare/columns.h"

namespace rcukv::loadtest {
namespace {

// By number of case.
constexpr Sections kSections[] = {Sections::kOneAKey, Sections::kOneABatch};

LayerInfo InfoOf(const CompareOptions& options) {
  const int64_t keys = std::min(options.distinct_keys, options.entries);
  return {
      .number = 2,
      .title = "the hash map",
      .what = absl::StrFormat(
          "A thread a core looks %s of %s keys up, over and over, in this process, while "
          "another replaces %s entries a second.",
          GroupedNumber(static_cast<uint64_t>(keys)),
          GroupedNumber(static_cast<uint64_t>(options.entries)),
          ShortNumber(options.writes_per_second)),
      .columns = LookupColumns(),
      .cases = {{.name = MapCase(kSections[0]), .title = "A section a key"},
                {.name = MapCase(kSections[1]),
                 .title = absl::StrFormat("A section a batch of %d", options.batch)}}};
}

}  // namespace

MapLayer::MapLayer(const CompareOptions& options, const Dataset& dataset)
    : options_(options), dataset_(dataset), info_(InfoOf(options)) {}

absl::Status MapLayer::Prepare(const Strategy& strategy) {
  if (absl::Status status = MapUnderLoad::Prepare(strategy); !status.ok()) return status;
  maps_[strategy.name] = MapUnderLoad::New(strategy, dataset_);
  return absl::OkStatus();
}

absl::StatusOr<Sample> MapLayer::Measure(const Strategy& strategy, size_t number,
                                         uint64_t seed) {
  // Another mode of its domain may have had its turn since.
  if (absl::Status status = MapUnderLoad::Prepare(strategy); !status.ok()) return status;
  const bool per_batch = kSections[number] == Sections::kOneABatch;
  const MapRates rates =
      maps_.at(strategy.name)
          ->Run({.threads =
                     static_cast<int>(std::max(1u, std::thread::hardware_concurrency())),
                 .distinct_keys = static_cast<size_t>(options_.distinct_keys),
                 .batch = static_cast<size_t>(per_batch ? options_.batch : 0),
                 .writes_per_second = options_.writes_per_second,
                 .duration = absl::Seconds(options_.seconds),
                 .seed = seed});
  if (Interrupted() && rates.wrong == 0) return absl::CancelledError("interrupted");
  Sample sample;
  sample.reads_per_second = rates.reads_per_second;
  sample.cpu_ns_per_read = rates.cpu_ns_per_read;
  sample.writes_per_second = rates.writes_per_second;
  sample.reads = rates.reads;
  sample.wrong = rates.wrong;
  if (rates.wrong > 0) sample.first_wrong = "the map did not find a key that it has";
  return sample;
}

}  // namespace rcukv::loadtest
