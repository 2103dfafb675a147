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

std::string Verdict(const Spread& ratio) {
  if (ratio.count == 0) return "-";
  if (ratio.Covers(1)) return "within the noise";
  if (ratio.count < Spread::kMinCountForInterval) return "too few rounds";
  return ratio.median > 1 ? kFaster : kSlower;
}

std::string Times(const Spread& ratio) {
  const std::string verdict = Verdict(ratio);
  const bool differs = verdict == kFaster || verdict == kSlower;
  return absl::StrFormat("%s times (%s-%s%s)", ShowRatio(ratio.median),
                         ShowRatio(ratio.low), ShowRatio(ratio.high),
                         differs ? "" : ": " + verdict);
}

}  // namespace rcukv::loadtest
