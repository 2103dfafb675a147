// The servers of `bench write`: ours and Redis, each with its data on disk.
#ifndef RCUKV_BENCH_WRITE_STORES_H_
#define RCUKV_BENCH_WRITE_STORES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/serve/server_set.h"
#include "bench/write/options.h"

namespace rcukv::bench {

// Labels of the servers.
//
// Synced before a write is answered.
inline constexpr char kOursSync[] = "rcukv-sync";
inline constexpr char kRedisAlways[] = "redis-always";
// Synced in the background.
inline constexpr char kOursAsync[] = "rcukv-async";
inline constexpr char kRedisEverySec[] = "redis-everysec";
// As rcukv-sync; a batch of writes waits for a grace period.
inline constexpr char kOursSynchronize[] = "rcukv-synchronize";

// What Redis is called with; `appendfsync` is "always" or "everysec".
std::vector<std::string> RedisWithLogCommand(const std::string& program, int port,
                                             const std::string& directory,
                                             const std::string& appendfsync);

// All, or none; their data is in folders of `directory`, called as the servers.
// NOT_FOUND: a program is not there; else as ServerSet.
absl::StatusOr<ServerSet> StartStores(const WriteOptions& options,
                                      const std::string& directory);

// Servers that do not run, for a list of what would be measured.
std::vector<RunningServer> NoStores();

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_WRITE_STORES_H_
