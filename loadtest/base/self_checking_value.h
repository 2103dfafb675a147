// Values that say which write they are from, and whose every byte can be checked.
//
// The first word of a value is its generation; the words behind it follow from a number,
// its filling, that the writer derives from what the value belongs to.
//
// Thread safety: pure functions.
#ifndef RCUKV_LOADTEST_BASE_SELF_CHECKING_VALUE_H_
#define RCUKV_LOADTEST_BASE_SELF_CHECKING_VALUE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rcukv::loadtest {

// A generation, and enough to tell a value from noise.
inline constexpr size_t kMinSelfCheckingBytes = 16;

// `bytes` is at least kMinSelfCheckingBytes.
std::string SelfCheckingValue(uint64_t generation, uint64_t filling, size_t bytes);

// Of a value of at least kMinSelfCheckingBytes.
uint64_t GenerationOf(std::string_view value);

// Whether the rest of such a value follows from `filling`.
bool IsFilledFrom(std::string_view value, uint64_t filling);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_BASE_SELF_CHECKING_VALUE_H_
