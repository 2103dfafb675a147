#include "loadtest/compare/calls_layer.h"

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "loadtest/base/text_table.h"
#include "loadtest/compare/columns.h"

namespace rcukv::loadtest {
namespace {

v1::ReadSection SectionOf(Sections sections) {
  return sections == Sections::kOneAKey ? v1::SECTION_PER_KEY : v1::SECTION_PER_BATCH;
}

}  // namespace

std::vector<CallsLayer::Call> CallsLayer::CallsOf(const CompareOptions& options) {
  std::vector<Call> calls;
  for (const Rpc rpc : {Rpc::kBatchGet, Rpc::kStreamBatchGet}) {
    for (const int64_t keys : options.keys) {
      for (const Sections sections : {Sections::kOneAKey, Sections::kOneABatch}) {
        calls.push_back({rpc, keys, sections});
      }
    }
  }
  return calls;
}

LayerInfo CallsLayer::InfoOf(const CompareOptions& options,
                             const std::vector<Call>& calls) {
  LayerInfo info = {
      .number = 4,
      .title = "over gRPC",
      .what = absl::StrFormat(
          "A closed loop of %d connections x %d calls for random ones of %s keys, each "
          "value checked, while a client replaces %s entries a second. CPU a read is the "
          "server's.",
          options.connections, options.in_flight,
          GroupedNumber(static_cast<uint64_t>(options.entries)),
          ShortNumber(options.writes_per_second)),
      .columns = CallColumns(),
      .cases = {}};
  for (const Call& call : calls) {
    info.cases.push_back(
        {.name = CallsCase(call.rpc, call.keys, call.sections),
         .title = absl::StrFormat("%s of %d %s, a section a %s", NameOf(call.rpc),
                                  call.keys, call.keys == 1 ? "key" : "keys",
                                  call.sections == Sections::kOneAKey ? "key" : "call")});
  }
  return info;
}

CallsLayer::CallsLayer(const CompareOptions& options, Servers& servers)
    : options_(options),
      servers_(servers),
      calls_(CallsOf(options)),
      info_(InfoOf(options, calls_)) {}

absl::Status CallsLayer::Prepare(const Strategy& strategy) {
  absl::Status status = servers_.Get(strategy, v1::SECTION_PER_BATCH).status();
  if (status.ok()) status = servers_.Get(strategy, v1::SECTION_PER_KEY).status();
  return status;
}

absl::StatusOr<Sample> CallsLayer::Measure(const Strategy& strategy, size_t number,
                                           uint64_t seed) {
  const Call& call = calls_[number];
  const absl::StatusOr<Arm*> arm = servers_.Get(strategy, SectionOf(call.sections));
  if (!arm.ok()) return arm.status();
  return (*arm)->MeasureCalls(
      {.calls = {.connections = static_cast<int>(options_.connections),
                 .calls_in_flight = static_cast<int>(options_.in_flight),
                 .rpc = call.rpc,
                 .batch_keys = static_cast<int>(call.keys),
                 .seed = seed},
       .duration = absl::Seconds(options_.seconds),
       .writes = {
           .writer = {.writes_per_second = options_.writes_per_second, .seed = ~seed},
           .reclaim = Reclaim::kCallRcu}});
}

}  // namespace rcukv::loadtest
