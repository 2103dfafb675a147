// What `loadtest compare` is told.
#ifndef RCUKV_LOADTEST_COMPARE_COMPARE_OPTIONS_H_
#define RCUKV_LOADTEST_COMPARE_COMPARE_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "loadtest/base/strategy.h"

namespace rcukv::loadtest {

struct CompareOptions {
  std::vector<Strategy> strategies = DefaultStrategies();

  // The data, and everything else that is drawn at random.
  int64_t seed = 1;
  int64_t entries = 100'000;
  int64_t value_bytes = 100;

  // Of each of the three measurements of a strategy's turn.
  double seconds = 0.8;
  // Many short rounds say more than few long ones: what else the machine does hits some,
  // and the median of the others stands.
  int64_t rounds = 15;

  int64_t connections = 8;
  int64_t in_flight = 2;
  int64_t batch = 100;
  double writes_per_second = 1000;
  // That the loads inside the server look up. So few by default that they stay in the
  // CPU's cache: beside the wait for memory a barrier hardly shows. 0: 100,000.
  int64_t distinct_keys = 1000;

  // Where the raw samples go; empty: nowhere.
  std::string json;
  // Empty: found beside this program.
  std::string server_binary;
  bool quick = false;
  bool help = false;
};

// INVALID_ARGUMENT names the argument and what it must be.
absl::StatusOr<CompareOptions> ParseCompareOptions(
    const std::vector<std::string>& arguments);

std::string CompareHelp();

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_COMPARE_OPTIONS_H_
