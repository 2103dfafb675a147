// What `bench serve` shows in tables, as ratios alone would not do.
#ifndef RCUKV_BENCH_SERVE_TABLES_H_
#define RCUKV_BENCH_SERVE_TABLES_H_

#include <string>
#include <vector>

#include "bench/measure.h"

namespace rcukv::bench {

// Each is empty where nothing of it was measured. Figures are medians.

// Keys a second of every way to ask every server in closed loops, and the CPU time of
// both ends.
std::string RenderClosedLoops(const std::vector<MeasureResult>& results);

// Latencies of the open loops.
std::string RenderOpenLoops(const std::vector<MeasureResult>& results);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_TABLES_H_
