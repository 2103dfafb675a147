#include "server/store/store.h"

#include "absl/strings/str_cat.h"

namespace rcukv {

absl::StatusOr<BackupResult> Store::Backup(const std::string&,
                                           absl::FunctionRef<bool()>) {
  return absl::FailedPreconditionError(
      absl::StrCat("the store '", std::string(name()),
                   "' keeps nothing on a disk that could be copied; `rcukv dump --all "
                   "FILE` writes all "
                   "entries to a file, and a server with --store=rocksdb makes backups"));
}

}  // namespace rcukv
