// The entries that every server of a load test holds: the same for the same seed.
//
// A value says which write it is from (its generation: 0 is the load, each later write of
// any key has the next number), and the rest of it follows from seed, key and generation.
// So whoever reads a value can tell whether it is one that was ever written to this key.
//
// Thread safety: immutable once made.
#ifndef RCUKV_LOADTEST_COMPARE_DATASET_H_
#define RCUKV_LOADTEST_COMPARE_DATASET_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "loadtest/base/self_checking_value.h"

namespace rcukv::loadtest {

class Dataset {
 public:
  static constexpr size_t kMinValueBytes = kMinSelfCheckingBytes;

  // At least one entry; values of at least kMinValueBytes.
  Dataset(uint64_t seed, size_t entries, size_t value_bytes);

  size_t size() const { return keys_.size(); }
  const std::string& key(size_t index) const { return keys_[index]; }

  // What write number `generation` gives to the key.
  std::string Value(size_t index, uint64_t generation) const;

  // Whether `value` was given to the key by one of the writes up to `newest`.
  bool Implies(size_t index, std::string_view value, uint64_t newest) const;

 private:
  // The number from which the words of a value follow.
  uint64_t Filling(size_t index, uint64_t generation) const;

  const uint64_t seed_;
  const size_t value_bytes_;
  std::vector<std::string> keys_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_DATASET_H_
