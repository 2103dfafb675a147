// `loadtest primitive`: the table of the sys_membarrier patch, on this machine. What is
// measured: primitive_load.h.
#ifndef RCUKV_LOADTEST_PRIMITIVE_PRIMITIVE_H_
#define RCUKV_LOADTEST_PRIMITIVE_PRIMITIVE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "loadtest/base/strategy.h"

namespace rcukv::loadtest {

// The patch's, the limit (qsbr), and a lock.
inline constexpr char kDefaultPrimitives[] =
    "mb,signal,memb-expedited,memb-non-expedited,qsbr,rwlock";

struct PrimitiveOptions {
  std::vector<Strategy> strategies;
  int64_t readers = 6;
  int64_t writers = 2;
  // Of each turn of a strategy.
  double seconds = 2;
  int64_t rounds = 3;
  bool help = false;
};

// INVALID_ARGUMENT names the argument and what it must be.
absl::StatusOr<PrimitiveOptions> ParsePrimitiveOptions(
    const std::vector<std::string>& arguments);

std::string PrimitiveHelp();

// Medians over the rounds.
struct PrimitiveResult {
  std::string strategy;
  double reads_per_second = 0;
  double writes_per_second = 0;
};

// In turns, until done or interrupted. FAILED_PRECONDITION names a strategy that this
// machine does not have, and why; DATA_LOSS one whose readers saw what had been freed.
absl::StatusOr<std::vector<PrimitiveResult>> RunPrimitive(
    const PrimitiveOptions& options);

// A table beside the figures that the patch published.
std::string RenderPrimitive(const PrimitiveOptions& options,
                            const std::vector<PrimitiveResult>& results);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_PRIMITIVE_PRIMITIVE_H_
