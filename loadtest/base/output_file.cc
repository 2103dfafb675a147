#include "loadtest/base/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <string_view>
#include <utility>

#include "absl/strings/str_format.h"

namespace rcukv::loadtest {
namespace {

constexpr mode_t kMode = 0666;  // Less the umask.

absl::Status Error(const std::string& path) {
  return absl::ErrnoToStatus(errno, absl::StrFormat("cannot write \"%s\"", path));
}

absl::Status CheckDiffers(const char* flag, const std::string& path,
                          const char* other_flag, const std::string& other_path) {
  if (path.empty() || path != other_path) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat(
      "--%s=%s: that is the file of --%s; name another", flag, path, other_flag));
}

}  // namespace

absl::StatusOr<OutputFile> OutputFile::Open(const std::string& path) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kMode);
  if (descriptor < 0) return Error(path);
  return OutputFile(path, descriptor);
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

absl::Status OutputFile::Write(const std::string& content) && {
  // EINVAL: a pipe or a device, which holds nothing to be replaced.
  if (ftruncate(descriptor_, 0) != 0 && errno != EINVAL) return Error(path_);
  for (std::string_view rest = content; !rest.empty();) {
    const ssize_t bytes = write(descriptor_, rest.data(), rest.size());
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0) return Error(path_);
    rest.remove_prefix(static_cast<size_t>(bytes));
  }
  if (close(std::exchange(descriptor_, -1)) != 0) return Error(path_);
  return absl::OkStatus();
}

absl::Status CheckFilesDiffer(const std::string& json, const std::string& csv,
                              const std::string& html) {
  absl::Status status = CheckDiffers("csv", csv, "json", json);
  status.Update(CheckDiffers("html", html, "json", json));
  status.Update(CheckDiffers("html", html, "csv", csv));
  return status;
}

}  // namespace rcukv::loadtest
