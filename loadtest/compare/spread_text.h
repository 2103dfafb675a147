// A speed-up and its interval, as text.
#ifndef RCUKV_LOADTEST_COMPARE_SPREAD_TEXT_H_
#define RCUKV_LOADTEST_COMPARE_SPREAD_TEXT_H_

#include <string>

#include "loadtest/base/statistics.h"

namespace rcukv::loadtest {

// "1.62 (1.58-1.66)"; "1.62" of one value; "-" of none.
std::string ShowSpread(const Spread& ratio);

inline constexpr char kFaster[] = "faster";
inline constexpr char kSlower[] = "slower";

// What an interval allows to say of a speed-up: kFaster, kSlower, "within the noise";
// where there were too few rounds for an interval, "too few rounds", unless it is noise
// even by the smallest and the largest.
std::string Verdict(const Spread& ratio);

// "1.62 times (1.58-1.66)", "0.99 times (0.96-1.03: within the noise)"; with fewer rounds
// than an interval wants "1.62 times (1.58-1.66: too few rounds)".
std::string Times(const Spread& ratio);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_SPREAD_TEXT_H_
