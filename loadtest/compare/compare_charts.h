// The charts of a comparison's page: what each strategy gains at a layer, how that is
// diluted from layer to layer, and why.
//
// A chart for which nothing was measured has no points (HasPoints).
#ifndef RCUKV_LOADTEST_COMPARE_COMPARE_CHARTS_H_
#define RCUKV_LOADTEST_COMPARE_COMPARE_CHARTS_H_

#include <vector>

#include "loadtest/compare/comparison.h"
#include "loadtest/page/chart.h"

namespace rcukv::loadtest {

// Bars of a layer's first speed-up, by strategy: a chart for each group of cases, with
// the layer's table of these behind it.
std::vector<Chart> SpeedupCharts(const Comparison& comparison, const LayerResult& layer);

// Bars of two strategies' difference at each work, from the primitive on.
Chart DilutionChart(const Comparison& comparison);

// Shares of a call, by its size.
Chart BudgetChart(const Comparison& comparison);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_COMPARE_CHARTS_H_
