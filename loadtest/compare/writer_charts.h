// What writers do to readers, and readers to grace periods: layer 5 of a comparison's
// page.
#ifndef RCUKV_LOADTEST_COMPARE_WRITER_CHARTS_H_
#define RCUKV_LOADTEST_COMPARE_WRITER_CHARTS_H_

#include <vector>

#include "loadtest/compare/comparison.h"
#include "loadtest/page/chart.h"

namespace rcukv::loadtest {

// The readers' percentiles and the mean of grace periods against the writes that were
// done: for each group of cases a chart of each, which has one scale with those of the
// other groups. A chart for which nothing was measured has no points.
std::vector<Chart> WriterCharts(const Comparison& comparison, const LayerResult& layer);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_WRITER_CHARTS_H_
