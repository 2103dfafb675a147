// A flip over time, as charts: one a quantity, in which each setting has a line, where it
// was in force. Every other phase is set off, so that the switches are where the ground
// changes.
//
// Thread safety: pure functions.
#ifndef RCUKV_LOADTEST_FLIP_FLIP_CHARTS_H_
#define RCUKV_LOADTEST_FLIP_FLIP_CHARTS_H_

#include <cstddef>
#include <vector>

#include "loadtest/flip/flip_result.h"
#include "loadtest/page/chart.h"

namespace rcukv::loadtest {

// Of more samples than these the phases are drawn instead, a point each.
inline constexpr size_t kMostDrawnSamples = 2000;

// Those of which there is something to see.
std::vector<Chart> FlipCharts(const FlipResult& result);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_FLIP_FLIP_CHARTS_H_
