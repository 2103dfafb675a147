#include "loadtest/compare/spread_text.h"

#include "absl/strings/str_format.h"
#include "loadtest/base/text_table.h"

namespace rcukv::loadtest {
namespace {

// Two digits after the point, or three significant ones.
std::string ShowRatio(double ratio) {
  return ratio < 9.995 ? absl::StrFormat("%.2f", ratio) : ShortNumber(ratio);
}

}  // namespace

std::string ShowSpread(const Spread& ratio) {
  if (ratio.count == 0) return "-";
  if (ratio.count == 1) return ShowRatio(ratio.median);
  return absl::StrFormat("%s (%s-%s)", ShowRatio(ratio.median), ShowRatio(ratio.low),
                         ShowRatio(ratio.high));
}

Difference DifferenceOf(const Spread& ratio) {
  if (ratio.count == 0) return Difference::kNothing;
  if (ratio.count < Spread::kMinCountForInterval) return Difference::kTooFewRounds;
  if (ratio.Covers(1)) return Difference::kNoise;
  return ratio.median > 1 ? Difference::kFaster : Difference::kSlower;
}

std::string ShowDifference(Difference difference) {
  switch (difference) {
    case Difference::kNothing:
      return "-";
    case Difference::kFaster:
      return "faster";
    case Difference::kSlower:
      return "slower";
    case Difference::kNoise:
      return "noise";
    case Difference::kTooFewRounds:
      return "few rounds";
  }
  return "";
}

std::string Times(const Spread& ratio) {
  const Difference difference = DifferenceOf(ratio);
  const char* reserve = "";
  if (difference == Difference::kNoise) reserve = ": within the noise";
  if (difference == Difference::kTooFewRounds) reserve = ": too few rounds";
  return absl::StrFormat("%s times (%s-%s%s)", ShowRatio(ratio.median),
                         ShowRatio(ratio.low), ShowRatio(ratio.high), reserve);
}

}  // namespace rcukv::loadtest
