#include "clients/cli/output_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "clients/cli/output.h"

namespace rcukv::cli {
namespace {

constexpr char kStandardOutput[] = "-";

absl::Status SystemError(const std::string& path) {
  return absl::FailedPreconditionError(
      absl::StrCat("cannot write ", path, ": ", std::strerror(errno)));
}

absl::Status Exists(const std::string& path) {
  return absl::AlreadyExistsError(
      absl::StrCat(path, " exists; --force would overwrite it"));
}

absl::Status CheckAbsent(const std::string& path, bool overwrite) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) return absl::OkStatus();
  if (!S_ISREG(status.st_mode)) {
    return absl::AlreadyExistsError(
        absl::StrCat(path, " exists and is not a file; \"-\" writes to standard output"));
  }
  return overwrite ? absl::OkStatus() : Exists(path);
}

// What a file that any program makes would have: mkstemp has none but its user read it.
mode_t UsualMode() {
  const mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

absl::Status SyncDirectoryOf(const std::string& path) {
  const std::filesystem::path directory = std::filesystem::path(path).parent_path();
  const int descriptor =
      open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return SystemError(path);
  const bool synced = fsync(descriptor) == 0;
  const absl::Status status = synced ? absl::OkStatus() : SystemError(path);
  close(descriptor);
  return status;
}

}  // namespace

absl::StatusOr<OutputFile> OutputFile::Create(const std::string& path, bool overwrite) {
  OutputFile file(path, overwrite);
  if (path == kStandardOutput) return file;
  if (absl::Status status = CheckAbsent(path, overwrite); !status.ok()) return status;
  if (absl::Status status = file.Open(); !status.ok()) return status;
  return file;
}

absl::Status OutputFile::Open() {
  std::string name = path_ + ".XXXXXX";
  descriptor_ = mkostemp(name.data(), O_CLOEXEC);
  if (descriptor_ < 0) return SystemError(path_);
  unfinished_ = std::move(name);
  return fchmod(descriptor_, UsualMode()) == 0 ? absl::OkStatus() : SystemError(path_);
}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) close(descriptor_);
  if (!unfinished_.empty()) unlink(unfinished_.c_str());
}

absl::Status OutputFile::Write(std::string_view bytes) {
  if (descriptor_ < 0) {
    Print(bytes);
    return std::ferror(stdout) == 0 ? absl::OkStatus() : Flush();
  }
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError(path_);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status OutputFile::Finish() {
  if (descriptor_ < 0) return Flush();
  if (fsync(descriptor_) != 0 || close(std::exchange(descriptor_, -1)) != 0) {
    return SystemError(path_);
  }
  if (absl::Status status = Publish(); !status.ok()) return status;
  unfinished_.clear();
  return SyncDirectoryOf(path_);
}

absl::Status OutputFile::Publish() {
  const char* const from = unfinished_.c_str();
  const char* const to = path_.c_str();
  if (!overwrite_) {
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) {
      return absl::OkStatus();
    }
    if (errno == EEXIST) return Exists(path_);
    // A file system that cannot do so: then what Create saw must do.
    if (errno != EINVAL) return SystemError(path_);
    if (absl::Status status = CheckAbsent(path_, false); !status.ok()) return status;
  }
  return rename(from, to) == 0 ? absl::OkStatus() : SystemError(path_);
}

}  // namespace rcukv::cli
