#include "loadtest/workload/records.h"

#include "absl/strings/str_format.h"
#include "loadtest/base/random.h"

namespace rcukv::loadtest {
namespace {

constexpr std::string_view kPrefix = "lt/";
constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuv";
constexpr int kDigitBits = 5;
constexpr int kDigitCount = 13;

// Multiplication by an odd number is a bijection of 64-bit words, and has an inverse.
constexpr uint64_t kFactor = 0x9e3779b97f4a7c15;

// By Newton's method: each step doubles the number of bits that are right, beginning with
// three.
constexpr uint64_t InverseOf(uint64_t odd) {
  uint64_t inverse = odd;
  for (int bits = 3; bits < 64; bits *= 2) inverse *= 2 - odd * inverse;
  return inverse;
}
static_assert(kFactor * InverseOf(kFactor) == 1);

// The lowest digit first: it differs most between neighbours.
std::string DigitsOf(uint64_t word) {
  std::string digits;
  for (int i = 0; i < kDigitCount; ++i) {
    digits += kDigits[(word >> (i * kDigitBits)) % kDigits.size()];
  }
  return digits;
}

std::optional<uint64_t> WordOf(std::string_view digits) {
  uint64_t word = 0;
  for (int i = 0; i < kDigitCount; ++i) {
    const size_t digit = kDigits.find(digits[static_cast<size_t>(i)]);
    if (digit == kDigits.npos) return {};
    word |= static_cast<uint64_t>(digit) << (i * kDigitBits);
  }
  return word;
}

}  // namespace

std::string Records::Key(size_t index) const {
  std::string key(kPrefix);
  key += DigitsOf(index * kFactor);
  Random random(Mix(index));
  key.resize(key_bytes_.Draw(random), '.');
  return key;
}

std::optional<size_t> Records::IndexOf(std::string_view key) const {
  if (key.size() < kKeyBytes.min || key.substr(0, kPrefix.size()) != kPrefix) return {};
  const std::optional<uint64_t> word = WordOf(key.substr(kPrefix.size()));
  if (!word.has_value()) return {};
  const size_t index = *word * InverseOf(kFactor);
  if (key != Key(index)) return {};
  return index;
}

uint64_t Records::Filling(size_t index, uint64_t number) const {
  return Mix(seed_ ^ Mix(index ^ Mix(number)));
}

size_t Records::ValueBytes(size_t index, uint64_t number) const {
  Random random(~Filling(index, number));
  return value_bytes_.Draw(random);
}

std::string Records::Value(size_t index, uint64_t number) const {
  return SelfCheckingValue(number, Filling(index, number), ValueBytes(index, number));
}

absl::Status Records::Check(size_t index, std::string_view value) const {
  if (value.size() < kValueBytes.min) {
    return absl::DataLossError(absl::StrFormat("key %s: %d bytes, which no value has",
                                               Key(index), value.size()));
  }
  const uint64_t number = GenerationOf(value);
  const size_t bytes = ValueBytes(index, number);
  if (value.size() != bytes) {
    return absl::DataLossError(
        absl::StrFormat("key %s: %d bytes, where operation %d wrote %d", Key(index),
                        value.size(), number, bytes));
  }
  if (!IsFilledFrom(value, Filling(index, number))) {
    return absl::DataLossError(absl::StrFormat(
        "key %s: not what operation %d wrote to this key", Key(index), number));
  }
  return absl::OkStatus();
}

}  // namespace rcukv::loadtest
