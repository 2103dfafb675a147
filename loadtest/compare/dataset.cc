#include "loadtest/compare/dataset.h"

#include "absl/strings/str_format.h"
#include "loadtest/base/random.h"
#include "loadtest/base/self_checking_value.h"

namespace rcukv::loadtest {

Dataset::Dataset(uint64_t seed, size_t entries, size_t value_bytes)
    : seed_(seed), value_bytes_(value_bytes) {
  keys_.reserve(entries);
  for (size_t index = 0; index < entries; ++index) {
    // No two keys are the same: Mix is a bijection.
    keys_.push_back(absl::StrFormat("user/%016x", Mix(seed ^ Mix(index))));
  }
}

uint64_t Dataset::Filling(size_t index, uint64_t generation) const {
  return Mix(seed_ ^ Mix(index ^ Mix(generation)));
}

std::string Dataset::Value(size_t index, uint64_t generation) const {
  return SelfCheckingValue(generation, Filling(index, generation), value_bytes_);
}

bool Dataset::Implies(size_t index, std::string_view value, uint64_t newest) const {
  if (value.size() != value_bytes_) return false;
  const uint64_t generation = GenerationOf(value);
  return generation <= newest && IsFilledFrom(value, Filling(index, generation));
}

}  // namespace rcukv::loadtest
