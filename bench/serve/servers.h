// The servers of `bench serve`.
#ifndef RCUKV_BENCH_SERVE_SERVERS_H_
#define RCUKV_BENCH_SERVE_SERVERS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/serve/options.h"
#include "bench/serve/server_set.h"

namespace rcukv::bench {

// What the servers are called with. memcached is there once for each number of threads,
// as which of them is best depends on the machine and on the load.
std::vector<std::string> RedisCommand(const std::string& program, int port);
std::vector<std::string> MemcachedCommand(const std::string& program, int port,
                                          int64_t threads);

// Ours first, then the bare one, then the peers: all, or none. NOT_FOUND: a program is
// not there; else as ServerSet.
absl::StatusOr<ServerSet> StartServers(const ServeOptions& options);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_SERVERS_H_
