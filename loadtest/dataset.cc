#include "loadtest/dataset.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/str_format.h"
#include "loadtest/random.h"

namespace rcukv::loadtest {
namespace {

constexpr size_t kWordBytes = sizeof(uint64_t);

// Calls visit(offset, bytes, word) for the words of a value that are behind its
// generation, until one returns false. Cheap, as it runs for every value that is read.
template <class Visitor>
bool ForEachWord(uint64_t filling, size_t value_bytes, Visitor visit) {
  for (size_t at = kWordBytes; at < value_bytes; at += kWordBytes) {
    filling += 0x9e3779b97f4a7c15;
    if (!visit(at, std::min(kWordBytes, value_bytes - at), filling)) return false;
  }
  return true;
}

}  // namespace

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
  std::string value(value_bytes_, '\0');
  std::memcpy(value.data(), &generation, kWordBytes);
  ForEachWord(Filling(index, generation), value_bytes_,
              [&](size_t at, size_t bytes, uint64_t word) {
                std::memcpy(&value[at], &word, bytes);
                return true;
              });
  return value;
}

bool Dataset::Implies(size_t index, std::string_view value, uint64_t newest) const {
  if (value.size() != value_bytes_) return false;
  uint64_t generation;
  std::memcpy(&generation, value.data(), kWordBytes);
  return generation <= newest &&
         ForEachWord(Filling(index, generation), value_bytes_,
                     [&](size_t at, size_t bytes, uint64_t word) {
                       return std::memcmp(&value[at], &word, bytes) == 0;
                     });
}

}  // namespace rcukv::loadtest
