// An rcukv server that a load test starts for itself.
#ifndef RCUKV_LOADTEST_PROCESS_SERVER_PROCESS_H_
#define RCUKV_LOADTEST_PROCESS_SERVER_PROCESS_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "loadtest/process/child_process.h"

namespace rcukv::loadtest {

// Where a server listens.
struct ServerAddresses {
  std::string data;
  std::string admin;
};

// Reads the line by which a server says that it is ready. INVALID_ARGUMENT quotes it.
absl::StatusOr<ServerAddresses> ParseStartLine(std::string_view line);

// The server's binary, from how this program was called: among its runfiles, or in the
// folder of the build beside its own. NOT_FOUND names the places.
absl::StatusOr<std::string> FindServerBinary(const std::string& argv0);

// Thread safety: one thread.
class ServerProcess {
 public:
  // A server answers the calls in flight before it ends.
  static constexpr absl::Duration kPatience = absl::Seconds(12);

  // Starts `binary` on free ports of the loopback interface, and waits until it serves.
  // An error has the server's last words in it.
  static absl::StatusOr<std::unique_ptr<ServerProcess>> Start(
      const std::string& binary, const std::vector<std::string>& flags,
      absl::Duration timeout = absl::Seconds(20));

  const ServerAddresses& addresses() const { return addresses_; }
  pid_t pid() const { return child_->pid(); }

  // `status`, with whether the server still runs, and its last words.
  absl::Status Explain(const absl::Status& status);

  // Returns whether it ended when it was asked to.
  bool Stop(absl::Duration patience = kPatience) { return child_->Stop(patience); }

 private:
  explicit ServerProcess(std::unique_ptr<ChildProcess> child)
      : child_(std::move(child)) {}

  const std::unique_ptr<ChildProcess> child_;
  ServerAddresses addresses_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_PROCESS_SERVER_PROCESS_H_
