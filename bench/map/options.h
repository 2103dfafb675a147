// What `bench map` is told to do.
#ifndef RCUKV_BENCH_MAP_OPTIONS_H_
#define RCUKV_BENCH_MAP_OPTIONS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/options.h"

namespace rcukv::bench {

struct MapOptions : CommonOptions {
  // How long each row is watched.
  double seconds = 0.15;
  // Larger tables are left out.
  int64_t max_entries = 10'000'000;
  // Every combination rather than the most telling ones.
  bool full = false;
};

// INVALID_ARGUMENT names the argument and what it must be. --quick changes defaults, and
// other flags come before it, wherever they stand.
absl::StatusOr<MapOptions> ParseMapOptions(const std::vector<std::string>& arguments);

std::string MapHelp();

// Those that a result depends on.
std::map<std::string, std::string> Described(const MapOptions& options);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_MAP_OPTIONS_H_
