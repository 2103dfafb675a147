#include "loadtest/compare/grpc_layer.h"

#include <utility>

#include "absl/time/time.h"

namespace rcukv::loadtest {
namespace {

v1::ReadSection SectionOf(const GrpcWork& work) {
  return work.sections == Sections::kOneAKey ? v1::SECTION_PER_KEY
                                             : v1::SECTION_PER_BATCH;
}

}  // namespace

GrpcLayer::GrpcLayer(LayerInfo info, std::vector<GrpcWork> works,
                     const CompareOptions& options, Servers& servers)
    : info_(std::move(info)),
      works_(std::move(works)),
      options_(options),
      servers_(servers) {
  for (const GrpcWork& work : works_) info_.cases.push_back(work.info);
}

absl::Status GrpcLayer::Prepare(const Strategy& strategy) {
  for (const GrpcWork& work : works_) {
    const absl::Status status = servers_.Get(strategy, SectionOf(work)).status();
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<Sample> GrpcLayer::Measure(const Strategy& strategy, size_t number,
                                          uint64_t seed) {
  const GrpcWork& work = works_[number];
  const absl::StatusOr<Arm*> arm = servers_.Get(strategy, SectionOf(work));
  if (!arm.ok()) return arm.status();
  return (*arm)->MeasureCalls(
      {.calls = {.connections = static_cast<int>(options_.connections),
                 .calls_in_flight = static_cast<int>(options_.in_flight),
                 .rpc = work.rpc,
                 .batch_keys = static_cast<int>(work.keys),
                 .seed = seed},
       .duration = absl::Seconds(options_.seconds),
       .writes = {.writer = {.writes_per_second = work.writes_per_second, .seed = ~seed},
                  .reclaim = work.reclaim}});
}

}  // namespace rcukv::loadtest
