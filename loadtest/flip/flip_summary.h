// The phases of a flip, by setting: what is said of each over the rounds.
//
// Thread safety: pure functions.
#ifndef RCUKV_LOADTEST_FLIP_FLIP_SUMMARY_H_
#define RCUKV_LOADTEST_FLIP_FLIP_SUMMARY_H_

#include <cstddef>
#include <limits>
#include <vector>

#include "loadtest/base/statistics.h"
#include "loadtest/flip/flip_result.h"

namespace rcukv::loadtest {

// A figure of one phase; NaN: it has none.
using FlipMeasure = double (*)(const FlipPhase& phase);

namespace flip {

inline constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Rates are a second, latencies in nanoseconds from when a call was due.
double ReadRate(const FlipPhase& phase);
double ReadP50(const FlipPhase& phase);
double ReadP99(const FlipPhase& phase);
double ReadP999(const FlipPhase& phase);
double WriteRate(const FlipPhase& phase);
double WriteP50(const FlipPhase& phase);
double WriteP99(const FlipPhase& phase);
double GracePeriodRate(const FlipPhase& phase);
double GracePeriodMean(const FlipPhase& phase);
double GracePeriodP99(const FlipPhase& phase);
// The most at the end of a sample.
double BacklogBytes(const FlipPhase& phase);
// Function call interrupts of the whole machine.
double InterruptRate(const FlipPhase& phase);
double ExpeditedRate(const FlipPhase& phase);
double NonExpeditedRate(const FlipPhase& phase);
double GlobalExpeditedRate(const FlipPhase& phase);

}  // namespace flip

struct NamedFlipMeasure {
  // In files.
  const char* name;
  FlipMeasure measure;
};

// Every one, in the order in which they are shown.
const std::vector<NamedFlipMeasure>& FlipMeasures();

// Of the complete phases of a setting, by its index in the options; those that have no
// such figure are left out.
Spread SpreadOf(const FlipResult& result, size_t setting, FlipMeasure measure);

// Of a setting over another, within each round that has a complete phase of both.
Spread RatioOf(const FlipResult& result, size_t setting, size_t base,
               FlipMeasure measure);

// Complete phases of a setting; and those of them in which more than one call in a
// hundred was sent over 1 ms late.
size_t CompletePhases(const FlipResult& result, size_t setting);
size_t LatePhases(const FlipResult& result, size_t setting);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_FLIP_FLIP_SUMMARY_H_
