// A file for what a long run will find: that it can be written is known before the run.
#ifndef RCUKV_LOADTEST_BASE_OUTPUT_FILE_H_
#define RCUKV_LOADTEST_BASE_OUTPUT_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace rcukv::loadtest {

class OutputFile {
 public:
  // Opens it for writing, and makes it where there is none. What it holds stays. An error
  // names the path.
  static absl::StatusOr<OutputFile> Open(const std::string& path);

  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  // Puts `content` in the place of what the file holds, and closes it. Once. An error
  // names the path.
  absl::Status Write(const std::string& content) &&;

 private:
  OutputFile(const std::string& path, int descriptor)
      : path_(path), descriptor_(descriptor) {}

  std::string path_;
  int descriptor_;  // -1: closed.
};

// INVALID_ARGUMENT where two of the flags --json, --csv and --html name one file: the one
// result would take the other's place.
absl::Status CheckFilesDiffer(const std::string& json, const std::string& csv,
                              const std::string& html);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_BASE_OUTPUT_FILE_H_
