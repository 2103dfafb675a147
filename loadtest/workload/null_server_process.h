// A null server in a process of its own: this program, called as `null_server`.
#ifndef RCUKV_LOADTEST_WORKLOAD_NULL_SERVER_PROCESS_H_
#define RCUKV_LOADTEST_WORKLOAD_NULL_SERVER_PROCESS_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "loadtest/process/child_process.h"
#include "loadtest/workload/run_options.h"

namespace rcukv::loadtest {

// What the program is told to become one; arguments are those of a run, of which it takes
// --entries, --key_bytes, --value_bytes and --seed.
inline constexpr char kNullServerCommand[] = "null_server";

// Serves until the program is asked to end. Says on standard output where.
absl::Status ServeNull(const RunOptions& options);

struct NullServerProcess {
  std::string address;
  // Ends with this.
  std::unique_ptr<ChildProcess> process;
};

// With the data of `options`. An error has the process's last words in it.
absl::StatusOr<NullServerProcess> StartNullServer(const RunOptions& options);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_NULL_SERVER_PROCESS_H_
