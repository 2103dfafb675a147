#include "bench/write/scratch_directory.h"

#include <errno.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#include <filesystem>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"

namespace rcukv::bench {

absl::StatusOr<ScratchDirectory> ScratchDirectory::Make(const std::string& parent) {
  std::string path = parent + "/rcukv-bench-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) {
    return absl::UnavailableError(
        absl::StrFormat("cannot make a directory in %s: %s; choose another with "
                        "--directory",
                        parent, strerror(errno)));
  }
  return ScratchDirectory(std::move(path));
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

bool ScratchDirectory::IsInMemory() const {
  struct statfs system = {};
  if (statfs(path_.c_str(), &system) != 0) return false;
  return system.f_type == TMPFS_MAGIC || system.f_type == RAMFS_MAGIC;
}

}  // namespace rcukv::bench
