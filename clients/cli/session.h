// One run of a command: its arguments and flags, understood, and the way to the server.

#ifndef RCUKV_CLIENTS_CLI_SESSION_H_
#define RCUKV_CLIENTS_CLI_SESSION_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/cli/arguments.h"
#include "clients/cli/command.h"
#include "clients/cpp/admin_client.h"
#include "clients/cpp/client.h"

namespace rcukv::cli {

// The flags that every command takes.
const std::vector<Flag>& CommonFlags();

// INVALID_ARGUMENT when `name` cannot be sent as the name of a table: it is not UTF-8.
absl::Status CheckTableName(const std::string& name);

class Session {
 public:
  // INVALID_ARGUMENT when a common flag's value is no good. Falls back on the environment
  // for the addresses.
  static absl::StatusOr<Session> Start(Invocation invocation);

  const std::vector<std::string>& arguments() const { return invocation_.arguments; }
  // Empty: the table "default".
  const std::string& table() const { return table_; }
  bool json() const { return Has("json"); }

  bool Has(const std::string& flag) const { return invocation_.flags.contains(flag); }
  std::optional<std::string> Text(const std::string& flag) const;
  // Nothing when the flag was not given; INVALID_ARGUMENT when its value is no number
  // from 0 to `max`.
  absl::StatusOr<std::optional<uint64_t>> Number(const std::string& flag,
                                                 uint64_t max) const;

  // As given for each call; nothing where it was not.
  std::optional<absl::Duration> timeout() const {
    if (!Has("timeout")) return std::nullopt;
    return client_options_.call_timeout;
  }

  absl::StatusOr<std::unique_ptr<Client>> Connect() const;
  absl::StatusOr<std::unique_ptr<AdminClient>> ConnectAdmin() const;

 private:
  explicit Session(Invocation invocation);

  Invocation invocation_;
  std::string server_;
  std::string admin_;
  std::string table_;
  ClientOptions client_options_;
};

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_SESSION_H_
