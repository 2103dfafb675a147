#include "loadtest/flip/flip_server.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "clients/cpp/admin_client.h"
#include "clients/cpp/client.h"
#include "loadtest/flip/admin_status_source.h"

namespace rcukv::loadtest {
namespace {

// A server that takes as long for a call hangs.
constexpr absl::Duration kCallTimeout = absl::Seconds(10);

absl::Status ConnectTarget(const FlipOptions& options, const std::string& address,
                           std::unique_ptr<ServerTarget>& target) {
  absl::StatusOr<std::unique_ptr<Client>> client =
      Client::Connect(address, {.call_timeout = kCallTimeout});
  if (!client.ok()) return client.status();
  target = std::make_unique<ServerTarget>(*std::move(client), options.table);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<FlipServer>> FlipServer::Reach(
    const FlipOptions& options) {
  std::unique_ptr<ServerProcess> process;
  ServerAddresses addresses = {.data = options.address, .admin = options.admin_address};
  if (options.address.empty()) {
    absl::StatusOr<std::unique_ptr<ServerProcess>> started =
        ServerProcess::Start(options.server_binary, {});
    if (!started.ok()) {
      return absl::Status(
          started.status().code(),
          absl::StrFormat("the server does not start: %s", started.status().message()));
    }
    process = *std::move(started);
    addresses = process->addresses();
  }
  std::unique_ptr<FlipServer> server(new FlipServer(std::move(process), options.address));
  const absl::Status status = server->Connect(options, addresses);
  if (!status.ok()) return server->Explain(status);
  return server;
}

absl::Status FlipServer::Connect(const FlipOptions& options,
                                 const ServerAddresses& addresses) {
  absl::Status status = ConnectTarget(options, addresses.data, reads_);
  if (!status.ok()) return status;
  status = ConnectTarget(options, addresses.data, writes_);
  if (!status.ok()) return status;
  absl::StatusOr<std::unique_ptr<AdminClient>> admin =
      AdminClient::Connect(addresses.admin, {.call_timeout = kCallTimeout});
  if (!admin.ok()) {
    return absl::Status(admin.status().code(),
                        absl::StrFormat("its --admin_address=%s: %s", addresses.admin,
                                        admin.status().message()));
  }
  source_ = std::make_unique<AdminStatusSource>(*std::move(admin));
  return absl::OkStatus();
}

absl::Status FlipServer::Explain(const absl::Status& status) {
  if (status.ok()) return status;
  if (is_own()) return process_->Explain(status);
  return absl::Status(status.code(),
                      absl::StrFormat("--address=%s: %s", address_, status.message()));
}

}  // namespace rcukv::loadtest
