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

Verdict VerdictOf(const Spread& ratio) {
  if (ratio.count == 0) return Verdict::kNothing;
  if (ratio.Covers(1)) return Verdict::kNoise;
  if (ratio.count < Spread::kMinCountForInterval) return Verdict::kTooFewRounds;
  return ratio.median > 1 ? Verdict::kFaster : Verdict::kSlower;
}

std::string ShowVerdict(Verdict verdict) {
  switch (verdict) {
    case Verdict::kNothing:
      return "-";
    case Verdict::kFaster:
      return "faster";
    case Verdict::kSlower:
      return "slower";
    case Verdict::kNoise:
      return "noise";
    case Verdict::kTooFewRounds:
      return "few rounds";
  }
  return "";
}

std::string Times(const Spread& ratio) {
  const Verdict verdict = VerdictOf(ratio);
  const char* reserve = "";
  if (verdict == Verdict::kNoise) reserve = ": within the noise";
  if (verdict == Verdict::kTooFewRounds) reserve = ": too few rounds";
  return absl::StrFormat("%s times (%s-%s%s)", ShowRatio(ratio.median),
                         ShowRatio(ratio.low), ShowRatio(ratio.high), reserve);
}

}  // namespace rcukv::loadtest
