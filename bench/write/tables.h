// What `bench write` shows in tables, as ratios alone would not do.
#ifndef RCUKV_BENCH_WRITE_TABLES_H_
#define RCUKV_BENCH_WRITE_TABLES_H_

#include <string>
#include <vector>

#include "bench/measure.h"

namespace rcukv::bench {

// Each is empty where nothing of it was measured. Figures are medians.

// Writes a second of every way to write to every server, and the CPU time of both ends.
std::string RenderPuts(const std::vector<MeasureResult>& results);

// Latencies of the Gets beside writers.
std::string RenderReads(const std::vector<MeasureResult>& results);

std::string RenderRecovery(const std::vector<MeasureResult>& results);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_WRITE_TABLES_H_
