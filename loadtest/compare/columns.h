// The columns of the layers' tables: as many as a terminal has room for.
#ifndef RCUKV_LOADTEST_COMPARE_COLUMNS_H_
#define RCUKV_LOADTEST_COMPARE_COLUMNS_H_

#include <vector>

#include "loadtest/base/text_table.h"
#include "loadtest/compare/layer.h"

namespace rcukv::loadtest {

// Of reads in the process that holds the table: layers 1 to 3.
inline std::vector<Column> LookupColumns() {
  return {{"reads/s", &Sample::reads_per_second, Column::kMedian, ShortNumber},
          {"speed-up", &Sample::reads_per_second, Column::kSpeedup},
          {"CPU a read", &Sample::cpu_ns_per_read, Column::kMedian, ShortDuration},
          {"by CPU", &Sample::cpu_ns_per_read, Column::kSpeedup},
          {"writes/s", &Sample::writes_per_second, Column::kMedian, ShortNumber}};
}

// Of calls over gRPC.
inline std::vector<Column> CallColumns() {
  return {{"reads/s", &Sample::reads_per_second, Column::kMedian, ShortNumber},
          {"speed-up", &Sample::reads_per_second, Column::kSpeedup},
          {"CPU a read", &Sample::cpu_ns_per_read, Column::kMedian, ShortDuration},
          {"by CPU", &Sample::cpu_ns_per_read, Column::kSpeedup},
          {"p99", &Sample::call_p99_ns, Column::kMedian, ShortDuration}};
}

// Of calls over gRPC beside writers.
inline std::vector<Column> WriterColumns() {
  return {{"p50", &Sample::call_p50_ns, Column::kMedian, ShortDuration},
          {"p99", &Sample::call_p99_ns, Column::kMedian, ShortDuration},
          {"p99 better by", &Sample::call_p99_ns, Column::kSpeedup},
          {"p99.9", &Sample::call_p999_ns, Column::kMedian, ShortDuration},
          {"writes/s", &Sample::writes_per_second, Column::kMedian, ShortNumber},
          {"GP mean", &Sample::grace_period_mean_ns, Column::kMedian, ShortDuration}};
}

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_COLUMNS_H_
