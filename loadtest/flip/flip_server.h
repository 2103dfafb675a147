// The server that a flip is against: one of its own, or one that somebody else started.
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_FLIP_FLIP_SERVER_H_
#define RCUKV_LOADTEST_FLIP_FLIP_SERVER_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "loadtest/flip/flip_options.h"
#include "loadtest/flip/status_source.h"
#include "loadtest/process/server_process.h"
#include "loadtest/workload/server_target.h"

namespace rcukv::loadtest {

class FlipServer {
 public:
  // Starts one, or connects to the one that the options name. An error says which it was.
  static absl::StatusOr<std::unique_ptr<FlipServer>> Reach(const FlipOptions& options);

  // A connection each, so that reads do not wait behind writes.
  ServerTarget& reads() { return *reads_; }
  ServerTarget& writes() { return *writes_; }
  StatusSource& source() { return *source_; }

  // Whether it ends with this program, and so nobody cares for its settings afterwards.
  bool is_own() const { return process_ != nullptr; }

  // `status` with what is known of the server: its last words, or its address.
  absl::Status Explain(const absl::Status& status);

 private:
  FlipServer(std::unique_ptr<ServerProcess> process, std::string address)
      : process_(std::move(process)), address_(std::move(address)) {}

  absl::Status Connect(const FlipOptions& options, const ServerAddresses& addresses);

  // Null: it is not our own.
  const std::unique_ptr<ServerProcess> process_;
  const std::string address_;
  std::unique_ptr<ServerTarget> reads_;
  std::unique_ptr<ServerTarget> writes_;
  std::unique_ptr<StatusSource> source_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_FLIP_FLIP_SERVER_H_
