// The percentiles of a histogram as a line over an axis of nines (Axis::kNines), as
// HdrHistogram's plots have it: the tail, which an axis of percents would press into its
// last millimetre, takes as much room as its nines.
#ifndef RCUKV_LOADTEST_PAGE_PERCENTILE_CURVE_H_
#define RCUKV_LOADTEST_PAGE_PERCENTILE_CURVE_H_

#include <string>
#include <vector>

#include "loadtest/base/latency_histogram.h"
#include "loadtest/page/chart.h"

namespace rcukv::loadtest {

// Ten points a nine; the last one is the largest value, at the share of all others. A
// latency of 0 is drawn as 1 ns. Empty where nothing was recorded.
std::vector<Point> PercentileCurve(const LatencyHistogram& latencies);

// A row a percentile, "50 %" to "99.999 %" and "max"; a cell for each of `histograms`.
std::vector<std::vector<std::string>> PercentileRows(
    const std::vector<const LatencyHistogram*>& histograms);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_PAGE_PERCENTILE_CURVE_H_
