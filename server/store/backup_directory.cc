#include "server/store/backup_directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "server/store/data_directory.h"

namespace rcukv {
namespace {

namespace fs = std::filesystem;

absl::StatusCode CodeOf(int error) {
  switch (error) {
    case EEXIST:
    case ENOTEMPTY:
      return absl::StatusCode::kAlreadyExists;
    case ENOENT:
    case ENOTDIR:
      return absl::StatusCode::kNotFound;
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::StatusCode::kPermissionDenied;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return absl::StatusCode::kResourceExhausted;
    default:
      return absl::StatusCode::kInternal;
  }
}

absl::Status CannotMake(const std::string& path, int error) {
  return absl::Status(CodeOf(error), absl::StrCat("cannot back up to ", path, ": ",
                                                  std::strerror(error)));
}

absl::Status Sync(const std::string& path, const fs::path& file) {
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return CannotMake(path, errno);
  const int error = fsync(fd) == 0 ? 0 : errno;
  close(fd);
  return error == 0 ? absl::OkStatus() : CannotMake(path, error);
}

// Syncs all that is in `partial`, and returns its bytes.
absl::StatusOr<uint64_t> SyncAll(const std::string& path, const fs::path& partial) {
  uint64_t bytes = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator it(partial, error), end; it != end && !error;
       it.increment(error)) {
    if (absl::Status status = Sync(path, it->path()); !status.ok()) return status;
    if (it->is_regular_file(error)) bytes += it->file_size(error);
    if (error) break;
  }
  if (error) return CannotMake(path, error.value());
  if (absl::Status status = Sync(path, partial); !status.ok()) return status;
  return bytes;
}

// A directory that has come meanwhile stays, be it empty.
absl::Status Rename(const std::string& from, const std::string& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
    return absl::OkStatus();
  }
  // File systems that cannot do so can rename, and replace nothing that is not empty.
  if (errno == EINVAL && rename(from.c_str(), to.c_str()) == 0) return absl::OkStatus();
  return CannotMake(to, errno);
}

}  // namespace

absl::StatusOr<BackupDirectory> BackupDirectory::Create(const std::string& path) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(path, error))) return CannotMake(path, EEXIST);
  std::string partial = path + ".partial-XXXXXX";
  if (mkdtemp(partial.data()) == nullptr) return CannotMake(path, errno);
  return BackupDirectory(path, std::move(partial));
}

BackupDirectory::~BackupDirectory() {
  std::error_code ignored;
  if (!partial_path_.empty()) fs::remove_all(partial_path_, ignored);
}

std::string BackupDirectory::database_path() const {
  return (fs::path(partial_path_) / DataDirectory::kDatabase).string();
}

absl::Status BackupDirectory::WriteFormat() const {
  std::ofstream out(fs::path(partial_path_) / DataDirectory::kFormatFile);
  out << DataDirectory::FormatText();
  out.close();
  return out ? absl::OkStatus() : CannotMake(path_, errno);
}

absl::StatusOr<uint64_t> BackupDirectory::Finish() {
  const absl::StatusOr<uint64_t> bytes = SyncAll(path_, partial_path_);
  if (!bytes.ok()) return bytes;
  if (absl::Status status = Rename(partial_path_, path_); !status.ok()) return status;
  partial_path_.clear();
  const absl::Status status = Sync(path_, fs::absolute(path_).parent_path());
  if (!status.ok()) return status;
  return bytes;
}

}  // namespace rcukv
