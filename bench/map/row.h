// One load on a filled table: what `bench map` compares, and a sampler is asked to run.
//
// Written as "get.uniform.1t.u0", which is how it is named in measures, in the arguments
// of samplers and in their figures.
#ifndef RCUKV_BENCH_MAP_ROW_H_
#define RCUKV_BENCH_MAP_ROW_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace rcukv::bench {

enum class Access {
  // Lookups of keys that are there, one by one.
  kGet,
  // The same, kGroup of them at once.
  kMultiGet,
  // Lookups of keys that are not there, one by one.
  kGetAbsent,
};

enum class Distribution { kUniform, kZipf };

// Keys of a MultiGet.
inline constexpr size_t kGroup = 16;

struct Row {
  Access access = Access::kGet;
  Distribution distribution = Distribution::kUniform;
  // Each of which does the same.
  int64_t threads = 1;
  // In 100 operations; the others are lookups.
  int64_t updates = 0;

  auto operator<=>(const Row&) const = default;
};

// "get", "multiget16", "get_absent".
std::string ToString(Access access);
// "uniform", "zipf".
std::string ToString(Distribution distribution);
std::string ToString(const Row& row);

// The name of a figure: nanoseconds of CPU time for an operation of the row.
std::string CpuFigureOf(const Row& row);

// INVALID_ARGUMENT quotes what is no row.
absl::StatusOr<Row> ParseRow(std::string_view text);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_MAP_ROW_H_
