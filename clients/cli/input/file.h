// A file, or standard input, that is read from its beginning to its end.
//
// Errors name the file and the system's reason. CANCELLED: after EndReadsOnInterrupt(),
// Ctrl-C or SIGTERM came.

#ifndef RCUKV_CLIENTS_CLI_INPUT_FILE_H_
#define RCUKV_CLIENTS_CLI_INPUT_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "clients/cli/input/line_reader.h"

namespace rcukv::cli {

// From now on the first Ctrl-C or SIGTERM makes reads of every InputFile fail instead of
// ending the process; the second ends it.
void EndReadsOnInterrupt();

// Whether that first one has come.
bool WasInterrupted();

class InputFile {
 public:
  // "-" is standard input.
  static absl::StatusOr<InputFile> Open(const std::string& path);

  // For error messages: the path, or "standard input".
  const std::string& name() const { return name_; }

  // Where it is known, as for a regular file.
  std::optional<uint64_t> size_bytes() const;

  // Shares the file, and may outlive it.
  ByteSource source() const;

  // INVALID_ARGUMENT when there are more than `max_bytes`.
  absl::StatusOr<std::string> ReadAll(size_t max_bytes) const;

 private:
  InputFile(std::string name, std::shared_ptr<const int> descriptor);

  std::string name_;
  std::shared_ptr<const int> descriptor_;  // Closes it, unless it is standard input.
};

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_INPUT_FILE_H_
