// Servers that are measured: ours and the peers', each on a free port of the loopback
// interface, with nothing that outlives them.
#ifndef RCUKV_BENCH_SERVE_SERVER_SET_H_
#define RCUKV_BENCH_SERVE_SERVER_SET_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "loadtest/child_process.h"
#include "loadtest/server_process.h"

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

// Its end stops them.
//
// Thread safety: one thread, which outlives it: the kernel ends the servers with it.
class ServerSet {
 public:
  // Both return when it listens. UNAVAILABLE: it ended, with its last words;
  // DEADLINE_EXCEEDED: it does not listen in time.
  absl::Status StartOurs(ServerKind kind, const std::string& label,
                         const std::string& program,
                         const std::vector<std::string>& flags);
  // `command` has it listen at `port`.
  absl::Status StartPeer(ServerKind kind, const std::string& label, int port,
                         const std::vector<std::string>& command);

  // In the order in which they were started.
  const std::vector<RunningServer>& running() const { return running_; }

 private:
  std::vector<std::unique_ptr<loadtest::ServerProcess>> ours_;
  std::vector<std::unique_ptr<loadtest::ChildProcess>> peers_;
  std::vector<RunningServer> running_;
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_SERVER_SET_H_
