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
  // Named on the command line: each must be there. Otherwise those that the machine lacks
  // are left out.
  bool strategies_named = false;
  // By number, 1 to 5, rising.
  std::vector<int64_t> layers = {1, 2, 3, 4, 5};

  // The data, and everything else that is drawn at random.
  int64_t seed = 1;
  int64_t entries = 100'000;
  int64_t value_bytes = 100;

  // Of each measurement.
  double seconds = 0.5;
  // Many short rounds say more than few long ones: what else the machine does hits some,
  // and the median of the others stands.
  int64_t rounds = 15;

  // Of layer 1: the patch's.
  int64_t readers = 6;
  int64_t writers = 2;

  // Of layers 2 and 3: keys a section, and how many keys there are. So few by default
  // that they stay in the CPU's cache: beside the wait for memory a barrier hardly shows.
  int64_t batch = 100;
  int64_t distinct_keys = 1000;
  // Of layers 2 to 4, meanwhile.
  double writes_per_second = 1000;

  // Of layers 4 and 5.
  int64_t connections = 8;
  int64_t in_flight = 2;
  // Of layer 4: keys a call, rising. Layer 5 has calls of `batch` keys.
  std::vector<int64_t> keys = {1, 16, 100, 1000};
  // Of layer 5, rising.
  std::vector<int64_t> write_rates = {100, 1000, 10'000};

  // Where every sample goes; empty: nowhere.
  std::string json;
  std::string csv;
  // Where the page goes; empty: nowhere.
  std::string html;
  // Empty: found beside this program.
  std::string server_binary;
  bool quick = false;
  bool brief = false;
  bool help = false;

  bool HasLayer(int64_t number) const;
};

// INVALID_ARGUMENT names the argument and what it must be.
absl::StatusOr<CompareOptions> ParseCompareOptions(
    const std::vector<std::string>& arguments);

std::string CompareHelp();

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_COMPARE_OPTIONS_H_
