#include "loadtest/compare/noisy_comparison_for_test.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "loadtest/base/random.h"
#include "loadtest/compare/case_names.h"
#include "loadtest/compare/columns.h"

namespace rcukv::loadtest {
namespace {

constexpr int kRounds = 9;

// Nanoseconds of an empty section.
double SectionNs(const Strategy& strategy) {
  switch (strategy.flavor) {
    case v1::MB:
      return 15;
    case v1::QSBR:
      return 0.8;
    case v1::RSEQ:
      return 4.4;
    case v1::RWLOCK:
    case v1::MUTEX:
      return 30;
    default:
      return 2.6;
  }
}

// What `mean` came out as this time: up to a tenth off.
double Noisy(double mean, Random& random) { return mean * (0.9 + 0.2 * random.Unit()); }

LayerInfo InfoOf(int number, const std::string& title, std::vector<Column> columns) {
  return {.number = number,
          .title = title,
          .what = "What is done there, in a sentence.",
          .columns = std::move(columns),
          .cases = {}};
}

void AddCase(Case info, LayerResult& layer) {
  layer.info.cases.push_back(info);
  layer.cases.push_back({.info = std::move(info), .samples = {}});
}

LayerResult NoisyCalls() {
  LayerResult layer = {.info = InfoOf(4, "over gRPC", CallColumns()), .cases = {}};
  for (const Rpc rpc : {Rpc::kBatchGet, Rpc::kStreamBatchGet}) {
    for (const int64_t keys : CompareOptions().keys) {
      for (const Sections sections : {Sections::kOneAKey, Sections::kOneABatch}) {
        const std::string group =
            absl::StrFormat("%s, %s", NameOf(rpc), NameOf(sections));
        AddCase({.name = CallsCase(rpc, keys, sections),
                 .title =
                     absl::StrFormat("%s of %d, %s", NameOf(rpc), keys, NameOf(sections)),
                 .group = group,
                 .label = absl::StrFormat("%d keys", keys)},
                layer);
      }
    }
  }
  return layer;
}

LayerResult NoisyWriters() {
  LayerResult layer = {.info = InfoOf(5, "over gRPC, with writers", WriterColumns()),
                       .cases = {}};
  for (const int64_t rate : CompareOptions().write_rates) {
    for (const Reclaim reclaim : {Reclaim::kCallRcu, Reclaim::kSynchronize}) {
      AddCase({.name = WritersCase(rate, reclaim),
               .title = absl::StrFormat("%d writes/s, %s", rate, NameOf(reclaim)),
               .group = NameOf(reclaim),
               .label = absl::StrFormat("%d writes/s", rate),
               .has_same_writes = true},
              layer);
    }
  }
  return layer;
}

std::vector<LayerResult> NoisyLayers() {
  LayerResult primitive = {.info = InfoOf(1, "the primitive", LookupColumns()),
                           .cases = {}};
  AddCase({.name = kPrimitiveCase, .title = "6 readers, 2 writers of one pointer"},
          primitive);
  LayerResult map = {.info = InfoOf(2, "the hash map", LookupColumns()), .cases = {}};
  LayerResult lookups = {.info = InfoOf(3, "in the server", LookupColumns()),
                         .cases = {}};
  AddCase({.name = LookupsCase(Sections::kTenAKey),
           .title = "Ten sections a key, nine of them empty"},
          lookups);
  for (const Sections sections : {Sections::kOneAKey, Sections::kOneABatch}) {
    AddCase({.name = MapCase(sections), .title = NameOf(sections)}, map);
    AddCase({.name = LookupsCase(sections), .title = NameOf(sections)}, lookups);
  }
  return {std::move(primitive), std::move(map), std::move(lookups), NoisyCalls(),
          NoisyWriters()};
}

// CPU nanoseconds of a read beside its section.
double BesideNs(int layer) {
  constexpr double kBeside[] = {0, 0.2, 40, 60, 1000, 1000};
  return kBeside[layer];
}

void AddCalls(const Strategy& strategy, bool is_slow, Random& random, Sample& sample) {
  sample.calls = Noisy(5000, random);
  sample.call_p50_ns = Noisy(2e6, random);
  sample.call_p99_ns = Noisy(5e6, random);
  sample.call_p999_ns = Noisy(8e6, random);
  sample.client_busy = Noisy(0.7, random);
  sample.server_user_seconds = Noisy(0.3, random);
  sample.server_system_seconds = Noisy(0.1, random);
  if (is_slow) sample.writes_per_second = *sample.writes_per_second / 4;
  if (strategy.flavor == v1::RWLOCK || strategy.flavor == v1::MUTEX) return;
  const bool waits = strategy.membarrier_mode == v1::NON_EXPEDITED;
  sample.grace_period_mean_ns = Noisy(waits ? 8e6 : 3000, random);
}

Sample NoisySample(int layer, const Case& info, const Strategy& strategy,
                   Random& random) {
  double sections = info.name == LookupsCase(Sections::kTenAKey) ? 10 : 1;
  if (info.name.ends_with(NameOf(Sections::kOneABatch))) sections = 0.01;
  Sample sample;
  sample.cpu_ns_per_read =
      Noisy(BesideNs(layer) + sections * SectionNs(strategy), random);
  sample.reads_per_second = 1.5e9 / *sample.cpu_ns_per_read;
  sample.writes_per_second = Noisy(1000, random);
  for (const int64_t rate : CompareOptions().write_rates) {
    const bool is_of_rate =
        info.name.find(absl::StrFormat(".%d.", rate)) != info.name.npos;
    if (layer == 5 && is_of_rate) {
      sample.writes_per_second =
          static_cast<double>(rate) * (0.98 + 0.02 * random.Unit());
    }
  }
  sample.reads = 1000;
  const bool is_slow = info.name == WritersCase(10'000, Reclaim::kSynchronize) &&
                       strategy.membarrier_mode == v1::NON_EXPEDITED;
  if (layer >= 4) AddCalls(strategy, is_slow, random, sample);
  return sample;
}

}  // namespace

Comparison NoisyComparison() {
  Comparison comparison;
  comparison.strategies = DefaultStrategies();
  comparison.layers = NoisyLayers();
  Random random(1);
  for (LayerResult& layer : comparison.layers) {
    for (CaseResult& result : layer.cases) {
      for (const Strategy& strategy : comparison.strategies) {
        std::vector<Sample> samples;
        for (int round = 0; round < kRounds; ++round) {
          samples.push_back(
              NoisySample(layer.info.number, result.info, strategy, random));
        }
        result.samples.push_back(std::move(samples));
      }
    }
  }
  return comparison;
}

}  // namespace rcukv::loadtest
