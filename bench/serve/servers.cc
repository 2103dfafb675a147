#include "bench/serve/servers.h"

#include <unistd.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/serve/socket.h"

namespace rcukv::bench {
namespace {

absl::Status NotInstalled(const std::string& program, const std::string& flag) {
  return absl::NotFoundError(absl::StrFormat(
      "there is no %s; ./run bench serve installs redis-server and memcached, and %s "
      "names a program elsewhere",
      program, flag));
}

absl::Status StartOurs(const ServeOptions& options, ServerSet& servers) {
  absl::Status status =
      servers.StartOurs(ServerKind::kRcukv, "rcukv", options.server, {});
  if (!status.ok()) return status;
  return servers.StartOurs(ServerKind::kRcukvBare, "bare", options.server,
                           {"--reflection=false"});
}

absl::Status StartRedis(const ServeOptions& options, ServerSet& servers) {
  const absl::StatusOr<int> port = FreePort();
  if (!port.ok()) return port.status();
  return servers.StartPeer(ServerKind::kRedis, "redis", *port,
                           RedisCommand(options.redis, *port));
}

absl::Status StartMemcached(const ServeOptions& options, int64_t threads,
                            ServerSet& servers) {
  const absl::StatusOr<int> port = FreePort();
  if (!port.ok()) return port.status();
  return servers.StartPeer(ServerKind::kMemcached, absl::StrCat("memcached-t", threads),
                           *port, MemcachedCommand(options.memcached, *port, threads));
}

}  // namespace

std::vector<std::string> RedisCommand(const std::string& program, int port) {
  return {
      program,        "--port", absl::StrCat(port), "--bind", "127.0.0.1", "--save", "",
      "--appendonly", "no",     "--daemonize",      "no",     "--logfile", ""};
}

std::vector<std::string> MemcachedCommand(const std::string& program, int port,
                                          int64_t threads) {
  std::vector<std::string> command = {
      program, "-l", "127.0.0.1", "-p", absl::StrCat(port),   "-U", "0", "-m",
      "1024",  "-c", "1024",      "-t", absl::StrCat(threads)};
  // It refuses to run as root unless told so; and to become another user would undo what
  // ends it with this process.
  if (geteuid() == 0) command.insert(command.end(), {"-u", "root"});
  return command;
}

absl::StatusOr<ServerSet> StartServers(const ServeOptions& options) {
  if (access(options.redis.c_str(), X_OK) != 0) {
    return NotInstalled(options.redis, "--redis");
  }
  if (access(options.memcached.c_str(), X_OK) != 0) {
    return NotInstalled(options.memcached, "--memcached");
  }
  ServerSet servers;
  if (absl::Status status = StartOurs(options, servers); !status.ok()) return status;
  if (absl::Status status = StartRedis(options, servers); !status.ok()) return status;
  for (const int64_t threads : options.memcached_threads) {
    absl::Status status = StartMemcached(options, threads, servers);
    if (!status.ok()) return status;
  }
  return servers;
}

}  // namespace rcukv::bench
