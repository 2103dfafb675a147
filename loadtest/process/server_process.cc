#include "loadtest/process/server_process.h"

#include <unistd.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace rcukv::loadtest {
namespace {

constexpr char kReady[] = " listening on ";
constexpr size_t kLastWords = 8;

// The word between `before` and `after`; empty when there is no such thing.
std::string Between(std::string_view line, std::string_view before,
                    std::string_view after) {
  size_t begin = line.find(before);
  if (begin == line.npos) return "";
  begin += before.size();
  const size_t end = line.find(after, begin);
  return end == line.npos ? "" : std::string(line.substr(begin, end - begin));
}

// `error`, how the child fares, and its last words.
absl::Status WithLastWords(const absl::Status& error, ChildProcess& child) {
  std::string message(error.message());
  if (child.HasEnded()) {
    absl::StrAppendFormat(&message, "\nthe server %s", child.State());
  }
  const std::vector<std::string> lines = child.LastLines(kLastWords);
  absl::StrAppendFormat(&message, "\nthe server's last lines:%s",
                        lines.empty() ? " none" : "");
  for (const std::string& line : lines) absl::StrAppendFormat(&message, "\n  %s", line);
  return absl::Status(error.code(), message);
}

}  // namespace

absl::StatusOr<ServerAddresses> ParseStartLine(std::string_view line) {
  ServerAddresses addresses = {.data = Between(line, kReady, " (admin "),
                               .admin = Between(line, "(admin ", ")")};
  if (!addresses.data.empty() && !addresses.admin.empty()) return addresses;
  return absl::InvalidArgumentError(
      absl::StrFormat("the server's start line is not \"... listening on ADDRESS (admin "
                      "ADDRESS) ...\": %s",
                      line));
}

absl::StatusOr<std::string> FindServerBinary(const std::string& argv0) {
  std::error_code ignored;
  const std::filesystem::path self =
      std::filesystem::read_symlink("/proc/self/exe", ignored);
  const std::vector<std::string> places = {
      argv0 + ".runfiles/rcukv/server/rcukv_server",
      (self.parent_path().parent_path() / "server/rcukv_server").string(),
  };
  for (const std::string& place : places) {
    if (access(place.c_str(), X_OK) == 0) return place;
  }
  return absl::NotFoundError(
      absl::StrFormat("no server found (looked for %s); name it with --server_binary=",
                      absl::StrJoin(places, " and ")));
}

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::Start(
    const std::string& binary, const std::vector<std::string>& flags,
    absl::Duration timeout) {
  std::vector<std::string> command = {binary, "--listen=127.0.0.1:0",
                                      "--admin_listen=127.0.0.1:0", "--store=memory"};
  command.insert(command.end(), flags.begin(), flags.end());
  absl::StatusOr<std::unique_ptr<ChildProcess>> child = ChildProcess::Start(command);
  if (!child.ok()) return child.status();

  std::unique_ptr<ServerProcess> server(new ServerProcess(*std::move(child)));
  const absl::StatusOr<std::string> line = server->child_->WaitForLine(kReady, timeout);
  if (!line.ok()) return WithLastWords(line.status(), *server->child_);
  absl::StatusOr<ServerAddresses> addresses = ParseStartLine(*line);
  if (!addresses.ok()) return addresses.status();
  server->addresses_ = *std::move(addresses);
  return server;
}

absl::Status ServerProcess::Explain(const absl::Status& status) {
  return status.ok() ? status : WithLastWords(status, *child_);
}

}  // namespace rcukv::loadtest
