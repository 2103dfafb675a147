// What `bench serve` is told to do.
#ifndef RCUKV_BENCH_SERVE_OPTIONS_H_
#define RCUKV_BENCH_SERVE_OPTIONS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/options.h"

namespace rcukv::bench {

struct ServeOptions : CommonOptions {
  // How long each load is watched.
  double seconds = 1;
  int64_t entries = 1'000'000;
  // Calls a second of the open loops; 0: half of memcached's peak, which is measured
  // first.
  double rate = 0;
  // memcached runs once for each of these numbers of threads.
  std::vector<int64_t> memcached_threads = {1, 2, 4};
  // The servers' programs.
  std::string server;
  std::string redis = "/usr/bin/redis-server";
  std::string memcached = "/usr/bin/memcached";
};

// INVALID_ARGUMENT names the argument and what it must be. --quick changes defaults, and
// other flags come before it, wherever they stand.
absl::StatusOr<ServeOptions> ParseServeOptions(const std::vector<std::string>& arguments);

std::string ServeHelp();

// Those that a result depends on.
std::map<std::string, std::string> Described(const ServeOptions& options);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_OPTIONS_H_
