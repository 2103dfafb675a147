#include "loadtest/compare/comparison.h"

#include <algorithm>

namespace rcukv::loadtest {
namespace {

// Of two counts of writes the larger over the smaller one, where they are called as many.
constexpr double kAsManyWrites = 1.1;

// `samples` over `base`, of each round that both have.
Spread OverRounds(const std::vector<Sample>& samples, const std::vector<Sample>& base,
                  Figure figure) {
  std::vector<double> ours, theirs;
  for (size_t round = 0; round < std::min(samples.size(), base.size()); ++round) {
    const std::optional<double> mine = samples[round].*figure;
    const std::optional<double> other = base[round].*figure;
    if (!mine.has_value() || !other.has_value()) continue;
    ours.push_back(*mine);
    theirs.push_back(*other);
  }
  return SpreadOfRatios(ours, theirs);
}

Spread SpreadOfSpeedups(const std::vector<Sample>& samples,
                        const std::vector<Sample>& base, Figure figure) {
  return LessIsBetter(figure) ? OverRounds(base, samples, figure)
                              : OverRounds(samples, base, figure);
}

}  // namespace

size_t BaseOf(const Comparison& comparison) {
  return FindStrategy(comparison, v1::MB, v1::MEMBARRIER_MODE_UNSPECIFIED).value_or(0);
}

std::optional<size_t> FindStrategy(const Comparison& comparison, v1::Flavor flavor,
                                   v1::MembarrierMode mode) {
  for (size_t i = 0; i < comparison.strategies.size(); ++i) {
    const Strategy& strategy = comparison.strategies[i];
    if (strategy.flavor == flavor && strategy.membarrier_mode == mode) return i;
  }
  return std::nullopt;
}

std::optional<size_t> BarrierFree(const Comparison& comparison) {
  if (comparison.strategies[BaseOf(comparison)].flavor != v1::MB) return std::nullopt;
  for (const v1::MembarrierMode mode :
       {v1::EXPEDITED, v1::ADAPTIVE, v1::NON_EXPEDITED, v1::GLOBAL_EXPEDITED}) {
    if (const auto found = FindStrategy(comparison, v1::MEMB, mode)) return found;
  }
  return std::nullopt;
}

const CaseResult* FindCase(const Comparison& comparison, const std::string& name) {
  for (const LayerResult& layer : comparison.layers) {
    for (const CaseResult& result : layer.cases) {
      if (result.info.name == name) return &result;
    }
  }
  return nullptr;
}

Spread SpreadOfFigure(const CaseResult& result, size_t strategy, Figure figure) {
  std::vector<double> values;
  for (const Sample& sample : result.samples[strategy]) {
    if (const std::optional<double> value = sample.*figure) values.push_back(*value);
  }
  return SpreadOf(values);
}

Spread SpreadOfRatio(const CaseResult& result, size_t strategy, size_t base,
                     Figure figure) {
  return OverRounds(result.samples[strategy], result.samples[base], figure);
}

bool DidTheSameWrites(const CaseResult& result, size_t strategy, size_t base) {
  const Spread ratio = SpreadOfRatio(result, strategy, base, &Sample::writes_per_second);
  return ratio.count == 0 ||
         (ratio.median <= kAsManyWrites && ratio.median >= 1 / kAsManyWrites);
}

Spread SpreadOfSpeedup(const CaseResult& result, size_t strategy, size_t base,
                       Figure figure) {
  if (result.info.has_same_writes && !DidTheSameWrites(result, strategy, base)) return {};
  return SpreadOfSpeedups(result.samples[strategy], result.samples[base], figure);
}

Spread SpreadOfSpeedup(const CaseResult& result, const CaseResult& base, size_t strategy,
                       Figure figure) {
  return SpreadOfSpeedups(result.samples[strategy], base.samples[strategy], figure);
}

void ForEachSample(const Comparison& comparison,
                   absl::FunctionRef<void(const CaseResult& result, size_t strategy,
                                          const Sample& sample)>
                       visit) {
  for (const LayerResult& layer : comparison.layers) {
    for (const CaseResult& result : layer.cases) {
      for (size_t strategy = 0; strategy < result.samples.size(); ++strategy) {
        for (const Sample& sample : result.samples[strategy]) {
          visit(result, strategy, sample);
        }
      }
    }
  }
}

uint64_t WrongReads(const Comparison& comparison) {
  uint64_t wrong = 0;
  ForEachSample(comparison, [&](const CaseResult&, size_t, const Sample& sample) {
    wrong += sample.wrong;
  });
  return wrong;
}

bool HasSamples(const Comparison& comparison) {
  bool has = false;
  ForEachSample(comparison,
                [&](const CaseResult&, size_t, const Sample&) { has = true; });
  return has;
}

}  // namespace rcukv::loadtest
