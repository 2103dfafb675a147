// What `bench write` is told to do.
#ifndef RCUKV_BENCH_WRITE_OPTIONS_H_
#define RCUKV_BENCH_WRITE_OPTIONS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/options.h"

namespace rcukv::bench {

struct WriteOptions : CommonOptions {
  // How long each load is watched.
  double seconds = 2;
  // That every server has.
  int64_t entries = 100'000;
  // Of the directory that is recovered.
  int64_t recovered_entries = 10'000'000;
  // Gets a second beside writers.
  double rate = 1000;
  // Where the servers' data directories are made, and removed at the end.
  std::string directory = "/var/tmp";
  // The servers' programs.
  std::string server;
  std::string redis = "/usr/bin/redis-server";
};

// INVALID_ARGUMENT names the argument and what it must be. --quick changes defaults, and
// other flags come before it, wherever they stand.
absl::StatusOr<WriteOptions> ParseWriteOptions(const std::vector<std::string>& arguments);

std::string WriteHelp();

// Those that a result depends on.
std::map<std::string, std::string> Described(const WriteOptions& options);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_WRITE_OPTIONS_H_
