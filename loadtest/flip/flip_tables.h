// The settings of a flip beside one another, as tables: reads, writes, grace periods, and
// what they cost the machine.
//
// Thread safety: pure functions.
#ifndef RCUKV_LOADTEST_FLIP_FLIP_TABLES_H_
#define RCUKV_LOADTEST_FLIP_FLIP_TABLES_H_

#include <string>
#include <vector>

#include "loadtest/base/statistics.h"
#include "loadtest/base/table.h"
#include "loadtest/flip/flip_result.h"

namespace rcukv::loadtest {

// A row a setting that has a complete phase; none where there is no such.
std::vector<Table> FlipTables(const FlipResult& result);

// "1.20 ms (0.98-1.31)": in the unit of the median; "-" of no values.
std::string ShowDurations(const Spread& nanoseconds);
// "10.1k (9.98-10.3)".
std::string ShowAmounts(const Spread& amounts);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_FLIP_FLIP_TABLES_H_
