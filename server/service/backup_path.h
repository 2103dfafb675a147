// Where a backup that a client asks for goes to.
#ifndef RCUKV_SERVER_SERVICE_BACKUP_PATH_H_
#define RCUKV_SERVER_SERVICE_BACKUP_PATH_H_

#include <string>

#include "absl/status/statusor.h"

namespace rcukv {

// The absolute path that `directory`, of a BackupRequest, means. `backup_dir`: all are
// below it, and named from there; empty: they are named by absolute paths.
// INVALID_ARGUMENT for what is neither. Symbolic links are not looked at.
absl::StatusOr<std::string> BackupPath(const std::string& backup_dir,
                                       const std::string& directory);

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_BACKUP_PATH_H_
