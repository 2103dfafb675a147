// What `bench map` shows in tables, as ratios alone would not do.
#ifndef RCUKV_BENCH_MAP_TABLES_H_
#define RCUKV_BENCH_MAP_TABLES_H_

#include <string>
#include <vector>

#include "bench/measure.h"

namespace rcukv::bench {

// Each is empty where nothing of it was measured. "-": not measured. Figures are medians.

// Operations a second of every row and table; and nanoseconds of CPU time for one.
std::string RenderRows(const std::vector<MeasureResult>& results);
std::string RenderCpu(const std::vector<MeasureResult>& results);

// Bytes an entry, over key and value, and whose they are.
std::string RenderMapMemory(const std::vector<MeasureResult>& results);

// A reader's turns while the table grows.
std::string RenderGrowth(const std::vector<MeasureResult>& results);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_MAP_TABLES_H_
