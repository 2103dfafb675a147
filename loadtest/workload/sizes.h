// How many bytes keys or values have.
//
//   absl::StatusOr<Sizes> sizes = ParseSizes("uniform:20-200", {.min = 16, .max =
//   65536}); const size_t bytes = sizes->Draw(random);
//
// "100"                 all the same
// "uniform:20-200"      every size from 20 to 200 alike
// "zipf:20-65536"       small ones often, large ones seldom: the sizes from the smallest
// on
//                       are the ranks of Zipf's law with exponent 0.99
//
// Thread safety: as of a const object.
#ifndef RCUKV_LOADTEST_WORKLOAD_SIZES_H_
#define RCUKV_LOADTEST_WORKLOAD_SIZES_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "loadtest/base/random.h"
#include "loadtest/workload/zipf.h"

namespace rcukv::loadtest {

// Both ends included.
struct SizeLimits {
  size_t min = 0;
  size_t max = 0;
};

class Sizes {
 public:
  enum Kind { kFixed, kUniform, kZipf };

  // 0 <= limits.min <= limits.max < 2^32; kFixed: they are the same.
  Sizes(Kind kind, SizeLimits limits);

  size_t Draw(Random& random) const;

  const SizeLimits& limits() const { return limits_; }

  // As ParseSizes takes it.
  std::string ToString() const;

 private:
  Kind kind_;
  SizeLimits limits_;
  Zipf zipf_;
};

// INVALID_ARGUMENT says what it must be; so too for sizes that are not within `allowed`.
absl::StatusOr<Sizes> ParseSizes(std::string_view text, SizeLimits allowed);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_SIZES_H_
