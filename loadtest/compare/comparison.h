// What a comparison found, and the figures that are told of it.
//
// A figure of a strategy is the median over the rounds. A ratio is the median of the
// ratios within each round.
#ifndef RCUKV_LOADTEST_COMPARE_COMPARISON_H_
#define RCUKV_LOADTEST_COMPARE_COMPARISON_H_

#include <cstdint>
#include <vector>

#include "loadtest/base/statistics.h"
#include "loadtest/base/strategy.h"
#include "loadtest/compare/compare_options.h"
#include "loadtest/compare/measures.h"
#include "loadtest/compare/sample.h"

namespace rcukv::loadtest {

// What one strategy showed.
struct ArmResult {
  Strategy strategy;
  // By round.
  std::vector<Sample> samples;
};

struct Comparison {
  CompareOptions options;
  // In the order of options.strategies; never empty.
  std::vector<ArmResult> arms;
  // Cut short: the last round may lack some strategies.
  bool interrupted = false;
};

// What the others are compared with: mb, or the first one where that was left out.
const ArmResult& BaseOf(const Comparison& comparison);

// The arm of this flavor and mode; nullptr when there is none, or it has no sample.
const ArmResult* Find(const Comparison& comparison, v1::Flavor flavor,
                      v1::MembarrierMode mode);

// Whether its writers wait for readers at all.
bool HasGracePeriods(const ArmResult& arm);

Spread SpreadOfMeasure(const ArmResult& arm, Measure measure);

// 0 when there is no sample.
double LargestOfMeasure(const ArmResult& arm, Measure measure);

// Of the arm's measure over that of the base.
Spread SpreadOfRatio(const ArmResult& arm, const ArmResult& base, Measure measure);

// Reads whose answers were wrong, of all strategies.
uint64_t WrongReads(const Comparison& comparison);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_COMPARISON_H_
