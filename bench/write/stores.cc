#include "bench/write/stores.h"

#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/serve/socket.h"

namespace rcukv::bench {
namespace {

absl::Status StartOurs(const WriteOptions& options, const std::string& label,
                       const std::string& directory, std::vector<std::string> flags,
                       ServerSet& servers) {
  flags.push_back("--store=rocksdb");
  flags.push_back(absl::StrCat("--data_dir=", directory, "/", label));
  return servers.StartOurs(ServerKind::kRcukv, label, options.server, flags);
}

absl::Status StartRedis(const WriteOptions& options, const std::string& label,
                        const std::string& directory, const std::string& appendfsync,
                        ServerSet& servers) {
  const std::string folder = absl::StrCat(directory, "/", label);
  std::error_code error;
  std::filesystem::create_directory(folder, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrFormat("cannot make %s: %s", folder, error.message()));
  }
  const absl::StatusOr<int> port = FreePort();
  if (!port.ok()) return port.status();
  return servers.StartPeer(
      ServerKind::kRedis, label, *port,
      RedisWithLogCommand(options.redis, *port, folder, appendfsync));
}

}  // namespace

std::vector<std::string> RedisWithLogCommand(const std::string& program, int port,
                                             const std::string& directory,
                                             const std::string& appendfsync) {
  return {program,     "--port", absl::StrCat(port), "--bind",      "127.0.0.1",
          "--save",    "",       "--appendonly",     "yes",         "--appendfsync",
          appendfsync, "--dir",  directory,          "--daemonize", "no",
          "--logfile", ""};
}

absl::StatusOr<ServerSet> StartStores(const WriteOptions& options,
                                      const std::string& directory) {
  if (access(options.redis.c_str(), X_OK) != 0) {
    return absl::NotFoundError(absl::StrFormat(
        "there is no %s; ./run bench write installs redis-server, and --redis names a "
        "program elsewhere",
        options.redis));
  }
  ServerSet servers;
  const auto ours = [&](const std::string& label, std::vector<std::string> flags) {
    return StartOurs(options, label, directory, std::move(flags), servers);
  };
  absl::Status status = ours(kOursSync, {"--durability=sync"});
  if (status.ok()) status = ours(kOursAsync, {"--durability=async"});
  if (status.ok()) {
    status = ours(kOursSynchronize, {"--durability=sync", "--reclaim=synchronize"});
  }
  if (status.ok()) {
    status = StartRedis(options, kRedisAlways, directory, "always", servers);
  }
  if (status.ok()) {
    status = StartRedis(options, kRedisEverySec, directory, "everysec", servers);
  }
  if (!status.ok()) return status;
  return servers;
}

std::vector<RunningServer> NoStores() {
  return {{.kind = ServerKind::kRcukv, .label = kOursSync},
          {.kind = ServerKind::kRcukv, .label = kOursAsync},
          {.kind = ServerKind::kRcukv, .label = kOursSynchronize},
          {.kind = ServerKind::kRedis, .label = kRedisAlways},
          {.kind = ServerKind::kRedis, .label = kRedisEverySec}};
}

}  // namespace rcukv::bench
