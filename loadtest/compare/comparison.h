// What a comparison found, and the figures that are told of it.
//
// A figure of a strategy is the median over the rounds. A speed-up is how many times as
// good as the base's a figure is (a rate divided by the base's, a time the other way
// round), taken within each round; what is told is the median of that, with its interval.
#ifndef RCUKV_LOADTEST_COMPARE_COMPARISON_H_
#define RCUKV_LOADTEST_COMPARE_COMPARISON_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "loadtest/base/statistics.h"
#include "loadtest/base/strategy.h"
#include "loadtest/compare/compare_options.h"
#include "loadtest/compare/layer.h"
#include "loadtest/compare/sample.h"

namespace rcukv::loadtest {

struct CaseResult {
  Case info;
  // By strategy, in the order of Comparison::strategies, and by round. Where the
  // comparison was cut short the last round may lack some strategies.
  std::vector<std::vector<Sample>> samples;
};

struct LayerResult {
  LayerInfo info;
  // In the order of info.cases.
  std::vector<CaseResult> cases;
};

// A strategy that was left out, as the machine does not have it.
struct MissingStrategy {
  std::string name;
  std::string reason;
};

struct Comparison {
  CompareOptions options;
  // Never empty.
  std::vector<Strategy> strategies;
  std::vector<MissingStrategy> missing;
  std::vector<LayerResult> layers;
  // Cut short, by the user or by what went wrong; then the rest is what was measured
  // until then.
  bool interrupted = false;
  absl::Status failure;
};

// Number of the strategy that the others are compared with: mb, or the first one where
// that was left out.
size_t BaseOf(const Comparison& comparison);

// Number of the strategy of this flavor and mode.
std::optional<size_t> FindStrategy(const Comparison& comparison, v1::Flavor flavor,
                                   v1::MembarrierMode mode);

// The strategy whose readers have no barriers: memb-expedited, or another mode of memb.
// It and the base are what the dilution is about. Nothing where either was left out.
std::optional<size_t> BarrierFree(const Comparison& comparison);

// By name; null where there is none.
const CaseResult* FindCase(const Comparison& comparison, const std::string& name);

// Over the rounds. A count of 0: there is no such figure.
Spread SpreadOfFigure(const CaseResult& result, size_t strategy, Figure figure);

// A figure of one strategy divided by another's, in the same case.
Spread SpreadOfRatio(const CaseResult& result, size_t strategy, size_t base,
                     Figure figure);

// Whether two strategies did as many writes, but for a tenth.
bool DidTheSameWrites(const CaseResult& result, size_t strategy, size_t base);

// Of one strategy over another, in the same case. A count of 0 also where they did not do
// the same work (Case::has_same_writes).
Spread SpreadOfSpeedup(const CaseResult& result, size_t strategy, size_t base,
                       Figure figure);

// Of one case over another, with the same strategy.
Spread SpreadOfSpeedup(const CaseResult& result, const CaseResult& base, size_t strategy,
                       Figure figure);

// All that there are, in the order of layers, cases, strategies and rounds.
void ForEachSample(const Comparison& comparison,
                   absl::FunctionRef<void(const CaseResult& result, size_t strategy,
                                          const Sample& sample)>
                       visit);

// Reads whose answers were wrong, of all layers and strategies.
uint64_t WrongReads(const Comparison& comparison);

// Whether there is any sample.
bool HasSamples(const Comparison& comparison);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_COMPARISON_H_
