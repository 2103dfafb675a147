// What rcukv tells the shell.

#ifndef RCUKV_CLIENTS_CLI_EXIT_CODE_H_
#define RCUKV_CLIENTS_CLI_EXIT_CODE_H_

#include "absl/status/status.h"

namespace rcukv::cli {

enum class ExitCode {
  kDone = 0,
  kNotFound = 1,
  // Of a transaction: no error either.
  kConditionsFailed = 1,
  // Wrong usage, bad input data, a file that cannot be read or written.
  kBadInput = 2,
  // No server, no answer in time, or one that the server cut short.
  kUnreachable = 3,
  // The server answered with an error.
  kRefused = 4,
  // By Ctrl-C or SIGTERM; as shells say it for SIGINT.
  kInterrupted = 130,
};

// How a call to the server ended.
inline ExitCode ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return ExitCode::kDone;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return ExitCode::kUnreachable;
    default:
      return ExitCode::kRefused;
  }
}

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_EXIT_CODE_H_
