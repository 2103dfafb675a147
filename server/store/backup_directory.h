// The directory that a copy of a data directory is made in: it has another name until it
// is whole, so that no half copy is taken for one.
#ifndef RCUKV_SERVER_STORE_BACKUP_DIRECTORY_H_
#define RCUKV_SERVER_STORE_BACKUP_DIRECTORY_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace rcukv {

// Thread safety: one thread at a time.
//
// Errors name the directory: ALREADY_EXISTS; NOT_FOUND, what it is to be in is not there;
// PERMISSION_DENIED; RESOURCE_EXHAUSTED, a full disk; INTERNAL, the system's others.
class BackupDirectory {
 public:
  // Makes `path`.partial-XXXXXX, which only the user of this process may enter. `path`
  // does not exist, and what it is in does.
  static absl::StatusOr<BackupDirectory> Create(const std::string& path);

  BackupDirectory(BackupDirectory&& other) noexcept
      : path_(std::move(other.path_)),
        partial_path_(std::exchange(other.partial_path_, {})) {}
  BackupDirectory& operator=(BackupDirectory&&) = delete;
  // Removes what was not finished. (A process that is killed leaves it behind.)
  ~BackupDirectory();

  // Where it is until it is finished.
  const std::string& partial_path() const { return partial_path_; }
  // In it; for the database, which the caller makes.
  std::string database_path() const;

  // Makes it a data directory of DataDirectory's.
  absl::Status WriteFormat() const;

  // Returns when it has its name and outlives a loss of power: the bytes of its files. To
  // be called once, at the end.
  absl::StatusOr<uint64_t> Finish();

 private:
  BackupDirectory(std::string path, std::string partial_path)
      : path_(std::move(path)), partial_path_(std::move(partial_path)) {}

  std::string path_;
  // Empty: there is nothing to remove.
  std::string partial_path_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_BACKUP_DIRECTORY_H_
