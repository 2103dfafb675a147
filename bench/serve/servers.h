// The servers of `bench serve`: ours and the peers', each on a free port of the loopback
// interface, with nothing that outlives them.
#ifndef RCUKV_BENCH_SERVE_SERVERS_H_
#define RCUKV_BENCH_SERVE_SERVERS_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/serve/options.h"
#include "loadtest/process/child_process.h"
#include "loadtest/process/server_process.h"

namespace rcukv::bench {

enum class ServerKind {
  kRcukv,
  // Without reflection: what our own is compared with.
  kRcukvBare,
  kRedis,
  kMemcached,
};

// A server that listens.
struct RunningServer {
  ServerKind kind = ServerKind::kRcukv;
  // "rcukv", "bare", "redis", "memcached-t2".
  std::string label;
  int port = 0;
  pid_t pid = 0;
};

// What the servers are called with. memcached is there once for each number of threads,
// as which of them is best depends on the machine and on the load.
std::vector<std::string> RedisCommand(const std::string& program, int port);
std::vector<std::string> MemcachedCommand(const std::string& program, int port,
                                          int64_t threads);

// Thread safety: one thread, which outlives it: the kernel ends the servers with it.
class Servers {
 public:
  // Starts them all, or none. NOT_FOUND: a program is not there; UNAVAILABLE: one ended,
  // with its last words; DEADLINE_EXCEEDED: one does not listen in time.
  static absl::StatusOr<std::unique_ptr<Servers>> Start(const ServeOptions& options);

  // Stops them.
  ~Servers() = default;

  // Ours first, then the bare one.
  const std::vector<RunningServer>& running() const { return running_; }

 private:
  Servers() = default;

  absl::Status StartOurs(const std::string& program, ServerKind kind,
                         const std::string& label);
  absl::Status StartPeers(const ServeOptions& options);

  std::vector<std::unique_ptr<loadtest::ServerProcess>> ours_;
  std::vector<std::unique_ptr<loadtest::ChildProcess>> peers_;
  std::vector<RunningServer> running_;
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_SERVERS_H_
