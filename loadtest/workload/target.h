// What a run is against: a table of a server, or what stands in for one.
#ifndef RCUKV_LOADTEST_WORKLOAD_TARGET_H_
#define RCUKV_LOADTEST_WORKLOAD_TARGET_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/cpp/entry.h"

namespace rcukv::loadtest {

// Thread safety: any number of threads at once. Errors: of Client.
class Target {
 public:
  virtual ~Target() = default;

  virtual absl::StatusOr<std::optional<Value>> Get(const std::string& key) = 0;

  // Where `expected` is given, only if it is the key's revision: otherwise
  // FAILED_PRECONDITION. Returns the revision of the write.
  virtual absl::StatusOr<uint64_t> Put(const std::string& key, const std::string& value,
                                       std::optional<uint64_t> expected) = 0;

  // As many entries, from where the table begins; fewer where it has not so many.
  virtual absl::StatusOr<std::vector<Entry>> Scan(size_t entries) = 0;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_TARGET_H_
