#include "clients/cli/session.h"

#include <cstdlib>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "clients/cli/json.h"
#include "clients/cli/output.h"

namespace rcukv::cli {
namespace {

// Someone who waits at a terminal wants to know soon that there is no server.
constexpr absl::Duration kConnectTimeout = absl::Seconds(2);

std::string Environment(const char* name, const char* otherwise) {
  const char* const value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : value;
}

absl::StatusOr<absl::Duration> ParseTimeout(const std::string& text) {
  absl::Duration timeout;
  if (absl::ParseDuration(text, &timeout) && timeout > absl::ZeroDuration())
    return timeout;
  return absl::InvalidArgumentError(
      absl::StrCat("--timeout ", text,
                   ": not a time above zero with its unit, such as 500ms, 10s or 2m"));
}

// gRPC takes an empty address for a broken URI, and says so in words of its own.
absl::Status CheckAddress(const std::string& flag, const std::string& address) {
  if (!address.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("--", flag, ": the address is empty; it must be HOST:PORT"));
}

}  // namespace

absl::Status CheckTableName(const std::string& name) {
  if (IsUtf8(name)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the name of the table, ", Printable(name), ", is not UTF-8"));
}

const std::vector<Flag>& CommonFlags() {
  static const auto& flags = *new std::vector<Flag>{
      {"server", "ADDR",
       "the server, HOST:PORT; default $RCUKV_SERVER or 127.0.0.1:7700"},
      {"admin", "ADDR", "its admin address; default $RCUKV_ADMIN or 127.0.0.1:7701"},
      {"table", "NAME", "the table; default \"default\""},
      {"json", "",
       "write JSON, one object a line; bytes that are not UTF-8 stand as base64"},
      {"timeout", "DUR", "for connecting (default 2s) and for each call (default 5s)"},
      {"help", "", "tell about the command"},
      {"version", "", "print the version"},
  };
  return flags;
}

Session::Session(Invocation invocation) : invocation_(std::move(invocation)) {}

absl::StatusOr<Session> Session::Start(Invocation invocation) {
  Session session(std::move(invocation));
  session.server_ =
      session.Text("server").value_or(Environment("RCUKV_SERVER", "127.0.0.1:7700"));
  session.admin_ =
      session.Text("admin").value_or(Environment("RCUKV_ADMIN", "127.0.0.1:7701"));
  session.table_ = session.Text("table").value_or("");
  for (const absl::Status& status :
       {CheckAddress("server", session.server_), CheckAddress("admin", session.admin_),
        CheckTableName(session.table_)}) {
    if (!status.ok()) return status;
  }
  session.client_options_.connect_timeout = kConnectTimeout;
  if (const std::optional<std::string> text = session.Text("timeout")) {
    const absl::StatusOr<absl::Duration> timeout = ParseTimeout(*text);
    if (!timeout.ok()) return timeout.status();
    session.client_options_ = {.connect_timeout = *timeout, .call_timeout = *timeout};
  }
  return session;
}

std::optional<std::string> Session::Text(const std::string& flag) const {
  const auto found = invocation_.flags.find(flag);
  if (found == invocation_.flags.end()) return std::nullopt;
  return found->second;
}

absl::StatusOr<std::optional<uint64_t>> Session::Number(const std::string& flag,
                                                        uint64_t max) const {
  const std::optional<std::string> text = Text(flag);
  if (!text.has_value()) return std::nullopt;
  uint64_t number = 0;
  if (!absl::SimpleAtoi(*text, &number) || number > max) {
    return absl::InvalidArgumentError(
        absl::StrCat("--", flag, " ", *text, ": not a number from 0 to ", max));
  }
  return number;
}

absl::StatusOr<std::unique_ptr<Client>> Session::Connect() const {
  return Client::Connect(server_, client_options_);
}

absl::StatusOr<std::unique_ptr<AdminClient>> Session::ConnectAdmin() const {
  return AdminClient::Connect(admin_, client_options_);
}

}  // namespace rcukv::cli
