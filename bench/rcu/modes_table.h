// What `bench rcu` shows of one load under each membarrier mode.
#ifndef RCUKV_BENCH_RCU_MODES_TABLE_H_
#define RCUKV_BENCH_RCU_MODES_TABLE_H_

#include <string>
#include <vector>

#include "bench/measure.h"

namespace rcukv::bench {

// A column a mode; medians of the rounds. Empty where none was measured. "-": that figure
// was not.
std::string RenderModes(const std::vector<MeasureResult>& results);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_RCU_MODES_TABLE_H_
