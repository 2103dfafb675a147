#include "loadtest/compare/lookups_layer.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "loadtest/base/text_table.h"
#include "loadtest/compare/case_names.h"
#include "loadtest/compare/columns.h"

namespace rcukv::loadtest {
namespace {

// By number of case.
constexpr Sections kSections[] = {Sections::kTenAKey, Sections::kOneAKey,
                                  Sections::kOneABatch};

// Of RunLookupsRequest; 0: one a batch.
uint32_t SectionsPerKey(Sections sections) {
  switch (sections) {
    case Sections::kTenAKey:
      return 10;
    case Sections::kOneAKey:
      return 1;
    case Sections::kOneABatch:
      return 0;
  }
  return 0;
}

LayerInfo InfoOf(const CompareOptions& options) {
  const int64_t keys = std::min(options.distinct_keys, options.entries);
  return {
      .number = 3,
      .title = "in the server, without the network",
      .what = absl::StrFormat(
          "RunLookups: a thread a core of the server looks %s of its %s keys up, over "
          "and over, while a client replaces %s entries a second.",
          GroupedNumber(static_cast<uint64_t>(keys)),
          GroupedNumber(static_cast<uint64_t>(options.entries)),
          ShortNumber(options.writes_per_second)),
      .columns = LookupColumns(),
      .cases = {{.name = LookupsCase(kSections[0]),
                 .title = "Ten sections a key, nine of them empty"},
                {.name = LookupsCase(kSections[1]), .title = "A section a key"},
                {.name = LookupsCase(kSections[2]),
                 .title = absl::StrFormat("A section a batch of %d", options.batch)}}};
}

}  // namespace

LookupsLayer::LookupsLayer(const CompareOptions& options, Servers& servers)
    : options_(options), servers_(servers), info_(InfoOf(options)) {}

absl::Status LookupsLayer::Prepare(const Strategy& strategy) {
  return servers_.Get(strategy, v1::SECTION_PER_BATCH).status();
}

absl::StatusOr<Sample> LookupsLayer::Measure(const Strategy& strategy, size_t number,
                                             uint64_t seed) {
  const absl::StatusOr<Arm*> arm = servers_.Get(strategy, v1::SECTION_PER_BATCH);
  if (!arm.ok()) return arm.status();
  LookupsLoad load;
  load.lookups.set_duration_ms(static_cast<uint32_t>(options_.seconds * 1000));
  load.lookups.set_batch_size(static_cast<uint32_t>(options_.batch));
  load.lookups.set_sections_per_key(SectionsPerKey(kSections[number]));
  load.lookups.set_distinct_keys(static_cast<uint32_t>(options_.distinct_keys));
  load.writes.writer = {.writes_per_second = options_.writes_per_second, .seed = ~seed};
  return (*arm)->MeasureLookups(load);
}

}  // namespace rcukv::loadtest
