// What `loadtest soak` is told.
#ifndef RCUKV_LOADTEST_SOAK_SOAK_OPTIONS_H_
#define RCUKV_LOADTEST_SOAK_SOAK_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "loadtest/base/strategy.h"

namespace rcukv::loadtest {

struct SoakOptions {
  absl::Duration duration = absl::Minutes(10);
  // By how much of a percentage resident memory may grow.
  double tolerance_percent = 5;

  // The data, and everything else that is drawn at random.
  int64_t seed = 1;
  int64_t entries = 200'000;

  // All in closed loops: chains of GetAsync, threads that call BatchGet for so many keys
  // at once, and threads that write.
  int64_t callers = 50;
  int64_t batch_callers = 1;
  int64_t batch = 100;
  int64_t writers = 2;

  // Of the server; where they are absent it is left to itself.
  std::optional<Strategy> strategy;
  // "call_rcu", "synchronize".
  std::optional<std::string> reclaim;

  // Where the samples go; empty: nowhere.
  std::string json;
  // Empty: found beside this program.
  std::string server_binary;
  bool help = false;
};

// INVALID_ARGUMENT names the argument and what it must be.
absl::StatusOr<SoakOptions> ParseSoakOptions(const std::vector<std::string>& arguments);

std::string SoakHelp();

// What the server is started with.
std::vector<std::string> ServerFlags(const SoakOptions& options);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_SOAK_SOAK_OPTIONS_H_
