// A directory for what a benchmark writes.
#ifndef RCUKV_BENCH_WRITE_SCRATCH_DIRECTORY_H_
#define RCUKV_BENCH_WRITE_SCRATCH_DIRECTORY_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"

namespace rcukv::bench {

// Made empty, and removed at its end with all that is in it. Nobody removes that of a
// process that is killed: it is called rcukv-bench-..., and may be removed by hand.
//
// Thread safety: one thread at a time.
class ScratchDirectory {
 public:
  // In `parent`. UNAVAILABLE names it, and what the system says.
  static absl::StatusOr<ScratchDirectory> Make(const std::string& parent);

  ScratchDirectory(ScratchDirectory&& other) noexcept
      : path_(std::exchange(other.path_, "")) {}
  ScratchDirectory& operator=(ScratchDirectory&&) = delete;
  ~ScratchDirectory();

  const std::string& path() const { return path_; }

  // Whether it is in memory, as in a tmpfs, where a sync costs nothing.
  bool IsInMemory() const;

 private:
  explicit ScratchDirectory(std::string path) : path_(std::move(path)) {}

  // Empty: it was moved from.
  std::string path_;
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_WRITE_SCRATCH_DIRECTORY_H_
