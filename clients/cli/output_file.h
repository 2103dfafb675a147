// A file that is there as a whole or not at all: it is written under another name, made
// durable, and then given its own.
//
//   auto file = OutputFile::Create("tables.dump", false);
//   if (!file.ok()) return file.status();
//   if (auto status = file->Write(bytes); !status.ok()) return status;
//   return file->Finish();
//
// Errors name the file and the system's reason.
//
// Thread safety: one thread at a time.

#ifndef RCUKV_CLIENTS_CLI_OUTPUT_FILE_H_
#define RCUKV_CLIENTS_CLI_OUTPUT_FILE_H_

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace rcukv::cli {

class OutputFile {
 public:
  // "-" is standard output, which gets everything at once. ALREADY_EXISTS: `path` is
  // there, and not to be overwritten, or it is no file that could be.
  static absl::StatusOr<OutputFile> Create(const std::string& path, bool overwrite);

  OutputFile(OutputFile&& other) noexcept
      : path_(std::move(other.path_)),
        overwrite_(other.overwrite_),
        unfinished_(std::exchange(other.unfinished_, {})),
        descriptor_(std::exchange(other.descriptor_, -1)) {}
  OutputFile& operator=(OutputFile&&) = delete;
  // Removes what was not finished.
  ~OutputFile();

  absl::Status Write(std::string_view bytes);

  // Returns when the file is there, and outlives a loss of power. To be called once, at
  // the end.
  absl::Status Finish();

 private:
  OutputFile(std::string path, bool overwrite)
      : path_(std::move(path)), overwrite_(overwrite) {}

  absl::Status Open();
  absl::Status Publish();

  std::string path_;
  bool overwrite_;
  // Its name until it is finished. Empty: there is none to remove.
  std::string unfinished_;
  int descriptor_ = -1;
};

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_OUTPUT_FILE_H_
