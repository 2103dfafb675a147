#include "server/service/backup_path.h"

#include <algorithm>
#include <filesystem>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace rcukv {
namespace {

namespace fs = std::filesystem;

absl::Status Invalid(const std::string& directory, const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat("directory: '", directory, "' ", what));
}

}  // namespace

absl::StatusOr<std::string> BackupPath(const std::string& backup_dir,
                                       const std::string& directory) {
  fs::path path(directory);
  if (directory.find('\0') != std::string::npos) {
    return Invalid(directory.c_str(), "and what follows has a NUL byte");
  }
  if (std::find(path.begin(), path.end(), "..") != path.end()) {
    return Invalid(directory, "has .. in it");
  }
  path = path.lexically_normal();
  // "a/" is the directory a.
  if (!path.has_filename()) path = path.parent_path();
  if (!path.has_filename() || path == ".")
    return Invalid(directory, "names no directory");
  if (path.is_absolute() == backup_dir.empty()) {
    return fs::absolute(fs::path(backup_dir) / path).string();
  }
  return backup_dir.empty()
             ? Invalid(directory,
                       "is relative; give an absolute path, which is the server's, or "
                       "start it with --backup_dir")
             : Invalid(directory, absl::StrCat("is absolute; this server makes backups ",
                                               "below its --backup_dir, ", backup_dir,
                                               ", alone: give a path from there"));
}

}  // namespace rcukv
