// A speed-up and its interval, as text.
#ifndef RCUKV_LOADTEST_COMPARE_SPREAD_TEXT_H_
#define RCUKV_LOADTEST_COMPARE_SPREAD_TEXT_H_

#include <string>

#include "loadtest/base/statistics.h"

namespace rcukv::loadtest {

// "1.62 (1.58-1.66)"; "1.62" of one value; "-" of none.
std::string ShowSpread(const Spread& ratio);

// What an interval allows to say of a speed-up. kTooFewRounds: there is none.
enum class Difference { kNothing, kFaster, kSlower, kNoise, kTooFewRounds };

Difference DifferenceOf(const Spread& ratio);

// In a word or two: "faster", "slower", "noise", "few rounds", "-".
std::string ShowDifference(Difference difference);

// "1.62 times (1.58-1.66)", "0.99 times (0.96-1.03: within the noise)"; with fewer rounds
// than an interval wants "1.62 times (1.58-1.66: too few rounds)".
std::string Times(const Spread& ratio);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_SPREAD_TEXT_H_
