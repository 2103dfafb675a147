// The keys and values of a run: both follow from numbers, so every byte that a server
// answers can be checked, and nothing has to be kept.
//
// A key follows from its index alone, whatever the seed. A value follows from the seed,
// its key and the number of the operation that wrote it, which stands at its beginning; 0
// is the load.
//
// Thread safety: immutable once made.
#ifndef RCUKV_LOADTEST_WORKLOAD_RECORDS_H_
#define RCUKV_LOADTEST_WORKLOAD_RECORDS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "loadtest/base/self_checking_value.h"
#include "loadtest/workload/sizes.h"

namespace rcukv::loadtest {

class Records {
 public:
  // "lt/" and 13 digits. The server's default limits end both.
  static constexpr SizeLimits kKeyBytes = {.min = 16, .max = 4096};
  static constexpr SizeLimits kValueBytes = {.min = kMinSelfCheckingBytes,
                                             .max = 1 << 20};

  // The sizes are within these limits.
  Records(uint64_t seed, Sizes key_bytes, Sizes value_bytes)
      : seed_(seed), key_bytes_(key_bytes), value_bytes_(value_bytes) {}

  // No two are the same, and neighbours have nothing but "lt/" in common.
  std::string Key(size_t index) const;

  // Of which key it is; nothing for one that Key() does not make.
  std::optional<size_t> IndexOf(std::string_view key) const;

  // What operation `number` writes.
  std::string Value(size_t index, uint64_t number) const;

  // Whether `value` was written to the key, by any operation of this seed. DATA_LOSS says
  // what it is instead.
  absl::Status Check(size_t index, std::string_view value) const;

  // Of a value that Check() finds right: the operation that wrote it.
  static uint64_t NumberOf(std::string_view value) { return GenerationOf(value); }

 private:
  // From which everything about a value follows.
  uint64_t Filling(size_t index, uint64_t number) const;
  size_t ValueBytes(size_t index, uint64_t number) const;

  const uint64_t seed_;
  const Sizes key_bytes_;
  const Sizes value_bytes_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_RECORDS_H_
