#include "loadtest/compare/writers_layer.h"

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "loadtest/base/text_table.h"
#include "loadtest/compare/columns.h"

namespace rcukv::loadtest {

std::vector<WritersLayer::Writes> WritersLayer::WritesOf(const CompareOptions& options) {
  std::vector<Writes> writes;
  for (const int64_t per_second : options.write_rates) {
    for (const Reclaim reclaim : {Reclaim::kCallRcu, Reclaim::kSynchronize}) {
      writes.push_back({per_second, reclaim});
    }
  }
  return writes;
}

LayerInfo WritersLayer::InfoOf(const CompareOptions& options,
                               const std::vector<Writes>& writes) {
  LayerInfo info = {
      .number = 5,
      .title = "over gRPC, with writers",
      .what = absl::StrFormat(
          "The same loop with calls of %d keys, a section a call, while a client "
          "replaces "
          "entries. p50, p99 and p99.9 are of the readers' calls; GP is a grace period, "
          "whose p99 the server knows to a factor of two.",
          options.batch),
      .columns = WriterColumns(),
      .cases = {}};
  for (const Writes& write : writes) {
    info.cases.push_back(
        {.name = WritersCase(write.per_second, write.reclaim),
         .title = absl::StrFormat("%s writes/s, %s",
                                  GroupedNumber(static_cast<uint64_t>(write.per_second)),
                                  NameOf(write.reclaim))});
  }
  return info;
}

WritersLayer::WritersLayer(const CompareOptions& options, Servers& servers)
    : options_(options),
      servers_(servers),
      writes_(WritesOf(options)),
      info_(InfoOf(options, writes_)) {}

absl::Status WritersLayer::Prepare(const Strategy& strategy) {
  return servers_.Get(strategy, v1::SECTION_PER_BATCH).status();
}

absl::StatusOr<Sample> WritersLayer::Measure(const Strategy& strategy, size_t number,
                                             uint64_t seed) {
  const absl::StatusOr<Arm*> arm = servers_.Get(strategy, v1::SECTION_PER_BATCH);
  if (!arm.ok()) return arm.status();
  const Writes& writes = writes_[number];
  return (*arm)->MeasureCalls(
      {.calls = {.connections = static_cast<int>(options_.connections),
                 .calls_in_flight = static_cast<int>(options_.in_flight),
                 .rpc = Rpc::kBatchGet,
                 .batch_keys = static_cast<int>(options_.batch),
                 .seed = seed},
       .duration = absl::Seconds(options_.seconds),
       .writes = {.writer = {.writes_per_second = static_cast<double>(writes.per_second),
                             .seed = ~seed},
                  .reclaim = writes.reclaim}});
}

}  // namespace rcukv::loadtest
