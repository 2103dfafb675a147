#include "bench/serve/server_set.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
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

absl::Status ServerSet::StartOurs(ServerKind kind, const std::string& label,
                                  const std::string& program,
                                  const std::vector<std::string>& flags) {
  absl::StatusOr<std::unique_ptr<ServerProcess>> server =
      ServerProcess::Start(program, flags);
  if (!server.ok()) return server.status();
  const absl::StatusOr<int> port = PortOf((*server)->addresses().data);
  if (!port.ok()) return port.status();
  running_.push_back({kind, label, *port, (*server)->pid()});
  ours_.push_back(*std::move(server));
  return absl::OkStatus();
}

absl::Status ServerSet::StartPeer(ServerKind kind, const std::string& label, int port,
                                  const std::vector<std::string>& command) {
  auto child = ChildProcess::Start(command);
  if (!child.ok()) return child.status();
  absl::Status listens = WaitUntilItListens(**child, label, port);
  if (!listens.ok()) return listens;
  running_.push_back({kind, label, port, (*child)->pid()});
  peers_.push_back(*std::move(child));
  return absl::OkStatus();
}

}  // namespace rcukv::bench
