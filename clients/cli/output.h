// Writes results to standard output and complaints to standard error.

#ifndef RCUKV_CLIENTS_CLI_OUTPUT_H_
#define RCUKV_CLIENTS_CLI_OUTPUT_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "clients/cli/exit_code.h"

namespace rcukv::cli {

// Bytes as they are.
void Print(std::string_view bytes);

// Whether everything printed so far has reached standard output.
absl::Status Flush();

// "rcukv: message" on standard error.
void Complain(const std::string& message);

// Complains that a call to the server failed; returns the code for that.
ExitCode Fail(const absl::Status& status);

// Complains about usage or input; returns the code for that.
ExitCode Misuse(const std::string& message);
inline ExitCode Misuse(const absl::Status& status) {
  return Misuse(std::string(status.message()));
}

// For one line of text: control bytes and backslashes as escapes of C.
std::string Printable(std::string_view bytes);

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_OUTPUT_H_
