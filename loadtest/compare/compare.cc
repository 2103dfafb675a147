#include "loadtest/compare/compare.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/strings/str_format.h"
#include "loadtest/base/interrupt.h"
#include "loadtest/base/random.h"
#include "loadtest/compare/calls_layer.h"
#include "loadtest/compare/dataset.h"
#include "loadtest/compare/lookups_layer.h"
#include "loadtest/compare/map_layer.h"
#include "loadtest/compare/primitive_layer.h"
#include "loadtest/compare/progress.h"
#include "loadtest/compare/servers.h"
#include "loadtest/compare/writers_layer.h"
#include "loadtest/primitive/primitive_load.h"

namespace rcukv::loadtest {
namespace {

using Layers = std::vector<std::unique_ptr<Layer>>;

Layers MakeLayers(const CompareOptions& options, const Dataset& dataset,
                  Servers& servers) {
  Layers layers;
  for (const int64_t number : options.layers) {
    if (number == 1) layers.push_back(std::make_unique<PrimitiveLayer>(options));
    if (number == 2) layers.push_back(std::make_unique<MapLayer>(options, dataset));
    if (number == 3) layers.push_back(std::make_unique<LookupsLayer>(options, servers));
    if (number == 4) layers.push_back(CallsLayer(options, servers));
    if (number == 5) layers.push_back(WritersLayer(options, servers));
  }
  return layers;
}

// What this process lacks, its servers on the same machine lack as well.
absl::Status FindStrategies(const CompareOptions& options, Comparison& comparison) {
  for (const Strategy& strategy : options.strategies) {
    const absl::Status status = PreparePrimitive(strategy);
    if (status.ok()) {
      comparison.strategies.push_back(strategy);
    } else if (options.strategies_named || !absl::IsFailedPrecondition(status)) {
      return absl::Status(status.code(), absl::StrFormat("strategy %s: %s", strategy.name,
                                                         status.message()));
    } else {
      comparison.missing.push_back({strategy.name, std::string(status.message())});
    }
  }
  if (!comparison.strategies.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrFormat("this machine has none of the strategies; %s: %s",
                      comparison.missing[0].name, comparison.missing[0].reason));
}

size_t MeasurementsOf(const Comparison& comparison) {
  size_t cases = 0;
  for (const LayerResult& layer : comparison.layers) cases += layer.cases.size();
  return cases * comparison.strategies.size() *
         static_cast<size_t>(comparison.options.rounds);
}

absl::Status Prepare(const Layers& layers, const Comparison& comparison,
                     Progress& progress) {
  for (const MissingStrategy& missing : comparison.missing) {
    progress.Say(absl::StrFormat("without %s: %s", missing.name, missing.reason));
  }
  for (const Strategy& strategy : comparison.strategies) {
    progress.Say(absl::StrFormat("%s: getting ready", strategy.name));
    for (const std::unique_ptr<Layer>& layer : layers) {
      if (absl::Status status = layer->Prepare(strategy); !status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

std::vector<size_t> ShuffledOrder(size_t count, uint64_t seed) {
  std::vector<size_t> order(count);
  std::iota(order.begin(), order.end(), size_t{0});
  std::shuffle(order.begin(), order.end(), Random(seed));
  return order;
}

// Every strategy once, in random order; what is chosen at random is the same for all.
absl::Status RunBlock(Layer& layer, size_t number, uint64_t seed,
                      const std::vector<Strategy>& strategies, CaseResult& result,
                      Progress& progress) {
  const std::string what =
      absl::StrFormat("layer %d, %s", layer.info().number, result.info.title);
  for (const size_t i : ShuffledOrder(strategies.size(), seed)) {
    absl::StatusOr<Sample> sample = layer.Measure(strategies[i], number, seed);
    if (!sample.ok()) return sample.status();
    result.samples[i].push_back(*std::move(sample));
    progress.Advance(what);
  }
  return absl::OkStatus();
}

// One kind of work.
struct Block {
  size_t layer;
  size_t number;
};

std::vector<Block> BlocksOf(const Comparison& comparison) {
  std::vector<Block> blocks;
  for (size_t layer = 0; layer < comparison.layers.size(); ++layer) {
    for (size_t number = 0; number < comparison.layers[layer].cases.size(); ++number) {
      blocks.push_back({layer, number});
    }
  }
  return blocks;
}

// Each block once, in random order: none is always warmed up by the same other one.
absl::Status RunRound(int64_t round, const Layers& layers, Comparison& comparison,
                      Progress& progress) {
  const uint64_t seed = Mix(static_cast<uint64_t>(comparison.options.seed) ^
                            Mix(static_cast<uint64_t>(round)));
  const std::vector<Block> blocks = BlocksOf(comparison);
  for (const size_t i : ShuffledOrder(blocks.size(), seed)) {
    const auto [layer, number] = blocks[i];
    const absl::Status status =
        RunBlock(*layers[layer], number, Mix(seed + 1 + i), comparison.strategies,
                 comparison.layers[layer].cases[number], progress);
    if (!status.ok()) return status;
  }
  progress.EndRound(round, comparison.options.rounds);
  return absl::OkStatus();
}

LayerResult ResultOf(const LayerInfo& info, size_t strategies) {
  LayerResult result = {.info = info, .cases = {}};
  for (const Case& one : info.cases) {
    result.cases.push_back(
        {.info = one, .samples = std::vector<std::vector<Sample>>(strategies)});
  }
  return result;
}

}  // namespace

absl::StatusOr<Comparison> CompareLayers(const CompareOptions& options,
                                         const Layers& layers) {
  Comparison comparison;
  comparison.options = options;
  absl::Status status = FindStrategies(options, comparison);
  if (!status.ok()) return status;
  for (const std::unique_ptr<Layer>& layer : layers) {
    comparison.layers.push_back(ResultOf(layer->info(), comparison.strategies.size()));
  }
  Progress progress(MeasurementsOf(comparison));
  status = Prepare(layers, comparison, progress);
  if (!status.ok() && !Interrupted()) return status;

  progress.Start();
  for (int64_t round = 0; status.ok() && round < options.rounds; ++round) {
    status = RunRound(round, layers, comparison, progress);
  }
  comparison.interrupted = Interrupted();
  // An interrupt ends what was measured, not what was wrong.
  if (!comparison.interrupted || absl::IsDataLoss(status)) comparison.failure = status;
  return comparison;
}

absl::StatusOr<Comparison> RunComparison(const CompareOptions& options) {
  const Dataset dataset(static_cast<uint64_t>(options.seed),
                        static_cast<size_t>(options.entries),
                        static_cast<size_t>(options.value_bytes));
  Servers servers(options.server_binary, dataset);
  return CompareLayers(options, MakeLayers(options, dataset, servers));
}

}  // namespace rcukv::loadtest
