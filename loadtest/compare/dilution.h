// How a strategy's speed-up is diluted from layer to layer: the same two strategies at
// each, from the primitive to a client over gRPC.
#ifndef RCUKV_LOADTEST_COMPARE_DILUTION_H_
#define RCUKV_LOADTEST_COMPARE_DILUTION_H_

#include <string>
#include <vector>

#include "loadtest/base/statistics.h"
#include "loadtest/base/table.h"
#include "loadtest/compare/comparison.h"

namespace rcukv::loadtest {

struct DilutionStep {
  int layer = 0;
  std::string case_name;
  std::string title;
  // Reads without barriers over reads with them.
  Spread by_clock;
  Spread by_cpu;
};

// A step for each case that has samples of both, in the order of the layers. Empty where
// one of the two strategies was left out (BarrierFree).
std::vector<DilutionStep> DilutionOf(const Comparison& comparison);

// "Dilution: the speed-up of memb-expedited over mb, layer by layer". Of a comparison
// that has steps.
std::string DilutionTitle(const Comparison& comparison);

// A part for each layer, with a row for each step.
Table DilutionTable(const std::vector<DilutionStep>& steps);

// Both; empty where there are no steps.
std::string RenderDilution(const Comparison& comparison);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_DILUTION_H_
