// What `bench rcu` is told to do.
#ifndef RCUKV_BENCH_RCU_OPTIONS_H_
#define RCUKV_BENCH_RCU_OPTIONS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/options.h"

namespace rcukv::bench {

struct RcuOptions : CommonOptions {
  // Of a sample; of one of the table; of one of a membarrier mode.
  double seconds = 0.5;
  double table_seconds = 10;
  double modes_seconds = 2;
  // Objects retired in a sample.
  int64_t callbacks = 10'000'000;
};

// INVALID_ARGUMENT names the argument and what it must be. --quick changes defaults, and
// other flags come before it, wherever they stand.
absl::StatusOr<RcuOptions> ParseRcuOptions(const std::vector<std::string>& arguments);

std::string RcuHelp();

// Those that a result depends on.
std::map<std::string, std::string> Described(const RcuOptions& options);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_RCU_OPTIONS_H_
