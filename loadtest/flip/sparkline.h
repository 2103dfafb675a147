// Values over time in a few characters, for a terminal.
//
// Thread safety: pure functions.
#ifndef RCUKV_LOADTEST_FLIP_SPARKLINE_H_
#define RCUKV_LOADTEST_FLIP_SPARKLINE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rcukv::loadtest {

// From the lowest level to the highest.
inline constexpr std::string_view kSparkLevels = ".:-=+*#@";

// A character a value: its level between `low` and `high`, which are above 0, by
// logarithm, so that each level is as many times the one before. ' ': it is not a number,
// or not above 0. Of more values than `columns`, 1 or more, several make a character,
// that of the largest of them.
std::string Sparkline(const std::vector<double>& values, double low, double high,
                      size_t columns);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_FLIP_SPARKLINE_H_
