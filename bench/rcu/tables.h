// What `bench rcu` shows in tables, as ratios alone would not do.
#ifndef RCUKV_BENCH_RCU_TABLES_H_
#define RCUKV_BENCH_RCU_TABLES_H_

#include <string>
#include <vector>

#include "bench/measure.h"

namespace rcukv::bench {

// Each is empty where nothing of it was measured. "-": not measured.

// The patch's table: ours, liburcu's and the patch's own figures.
std::string RenderPatchTable(const std::vector<MeasureResult>& results);

// Peak memory of what retires.
std::string RenderMemory(const std::vector<MeasureResult>& results);

// Microseconds a call of each membarrier command.
std::string RenderMembarrier(const std::vector<MeasureResult>& results);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_RCU_TABLES_H_
