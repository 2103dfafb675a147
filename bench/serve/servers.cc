#include "bench/serve/servers.h"

#include <unistd.h>

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "bench/serve/socket.h"

namespace rcukv::bench {
namespace {

using loadtest::ChildProcess;
using loadtest::ServerProcess;

constexpr absl::Duration kPatience = absl::Seconds(20);
constexpr absl::Duration kPollInterval = absl::Milliseconds(5);
constexpr size_t kLastWords = 8;

absl::Status NotInstalled(const std::string& program, const std::string& flag) {
  return absl::NotFoundError(absl::StrFormat(
      "there is no %s; ./run bench serve installs redis-server and memcached, and %s "
      "names a program elsewhere",
      program, flag));
}

absl::Status WaitUntilItListens(ChildProcess& child, const std::string& label, int port) {
  const absl::Time deadline = absl::Now() + kPatience;
  while (!Socket::Connect(port).ok()) {
    if (child.HasEnded()) {
      return absl::UnavailableError(
          absl::StrFormat("%s %s. Its last lines:\n  %s", label, child.State(),
                          absl::StrJoin(child.LastLines(kLastWords), "\n  ")));
    }
    if (absl::Now() > deadline) {
      return absl::DeadlineExceededError(
          absl::StrFormat("%s does not listen at 127.0.0.1:%d within %s", label, port,
                          absl::FormatDuration(kPatience)));
    }
    absl::SleepFor(kPollInterval);
  }
  return absl::OkStatus();
}

absl::StatusOr<int> PortOf(const std::string& address) {
  int port = 0;
  const size_t colon = address.rfind(':');
  if (colon == address.npos || !absl::SimpleAtoi(address.substr(colon + 1), &port)) {
    return absl::InternalError(absl::StrFormat("no port in address \"%s\"", address));
  }
  return port;
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

absl::Status Servers::StartOurs(const std::string& program, ServerKind kind,
                                const std::string& label) {
  std::vector<std::string> flags;
  if (kind == ServerKind::kRcukvBare) flags = {"--reflection=false"};
  absl::StatusOr<std::unique_ptr<ServerProcess>> server =
      ServerProcess::Start(program, flags);
  if (!server.ok()) return server.status();
  const absl::StatusOr<int> port = PortOf((*server)->addresses().data);
  if (!port.ok()) return port.status();
  running_.push_back({kind, label, *port, (*server)->pid()});
  ours_.push_back(*std::move(server));
  return absl::OkStatus();
}

absl::Status Servers::StartPeers(const ServeOptions& options) {
  struct Peer {
    ServerKind kind;
    std::string label;
    int64_t threads;
  };
  std::vector<Peer> peers = {{ServerKind::kRedis, "redis", 1}};
  for (const int64_t threads : options.memcached_threads) {
    peers.push_back(
        {ServerKind::kMemcached, absl::StrCat("memcached-t", threads), threads});
  }
  for (const Peer& peer : peers) {
    const absl::StatusOr<int> port = FreePort();
    if (!port.ok()) return port.status();
    auto child = ChildProcess::Start(
        peer.kind == ServerKind::kRedis
            ? RedisCommand(options.redis, *port)
            : MemcachedCommand(options.memcached, *port, peer.threads));
    if (!child.ok()) return child.status();
    absl::Status listens = WaitUntilItListens(**child, peer.label, *port);
    if (!listens.ok()) return listens;
    running_.push_back({peer.kind, peer.label, *port, (*child)->pid()});
    peers_.push_back(*std::move(child));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Servers>> Servers::Start(const ServeOptions& options) {
  if (access(options.redis.c_str(), X_OK) != 0) {
    return NotInstalled(options.redis, "--redis");
  }
  if (access(options.memcached.c_str(), X_OK) != 0) {
    return NotInstalled(options.memcached, "--memcached");
  }
  std::unique_ptr<Servers> servers(new Servers());
  for (const auto& [kind, label] : {std::pair(ServerKind::kRcukv, "rcukv"),
                                    std::pair(ServerKind::kRcukvBare, "bare")}) {
    absl::Status status = servers->StartOurs(options.server, kind, label);
    if (!status.ok()) return status;
  }
  if (absl::Status status = servers->StartPeers(options); !status.ok()) return status;
  return servers;
}

}  // namespace rcukv::bench
