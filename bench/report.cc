#include "bench/report.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "loadtest/text_table.h"

namespace rcukv::bench {
namespace {

using loadtest::ShortNumber;

Ratio RatioOf(const Compared& compared, const MeasureResult& result) {
  const std::vector<double> ours = ValuesOf(result.samples[0], compared.figure);
  const std::vector<double> peers = ValuesOf(result.samples[1], compared.figure);
  return {.name = compared.name,
          .peer = result.measure.arms[1].label,
          .ratio = SummaryOf(RatiosByRound(ours, peers)),
          .ours = SummaryOf(ours),
          .peers = SummaryOf(peers),
          .target = compared.target};
}

std::string TargetCell(const Ratio& ratio) {
  if (!ratio.target.has_value()) return "-";
  return absl::StrFormat("%.1f %s", *ratio.target, ratio.Missed() ? "MISSED" : "met");
}

}  // namespace

std::vector<Ratio> RatiosOf(const std::vector<MeasureResult>& results) {
  std::vector<Ratio> ratios;
  for (const MeasureResult& result : results) {
    for (const Compared& compared : result.measure.compared) {
      const Ratio ratio = RatioOf(compared, result);
      if (ratio.ratio.count > 0) ratios.push_back(ratio);
    }
  }
  return ratios;
}

std::string RatioLines(const std::vector<Ratio>& ratios) {
  std::string lines;
  for (const Ratio& ratio : ratios) {
    absl::StrAppendFormat(&lines, "ratio %s %.2fx vs %s\n", ratio.name,
                          ratio.ratio.median, ratio.peer);
  }
  return lines;
}

std::string RenderSummary(const std::vector<Ratio>& ratios) {
  if (ratios.empty()) return "";
  loadtest::TextTable table(
      {"measure", "ratio", "min", "max", "ours", "theirs", "rounds", "target"});
  for (const Ratio& ratio : ratios) {
    table.AddRow({ratio.name, absl::StrFormat("%.2f", ratio.ratio.median),
                  absl::StrFormat("%.2f", ratio.ratio.min),
                  absl::StrFormat("%.2f", ratio.ratio.max),
                  ShortNumber(ratio.ours.median), ShortNumber(ratio.peers.median),
                  absl::StrFormat("%d", ratio.ratio.count), TargetCell(ratio)});
  }
  const auto has_target = [](const Ratio& ratio) { return ratio.target.has_value(); };
  const auto missed = [](const Ratio& ratio) { return ratio.Missed(); };
  return table.Render() +
         absl::StrFormat("%d of %d targets met\n",
                         std::count_if(ratios.begin(), ratios.end(), has_target) -
                             std::count_if(ratios.begin(), ratios.end(), missed),
                         std::count_if(ratios.begin(), ratios.end(), has_target));
}

std::string RenderLeftOut(const std::vector<MeasureResult>& results) {
  std::string lines;
  for (const MeasureResult& result : results) {
    if (result.status.ok()) continue;
    absl::StrAppendFormat(&lines, "%s: incomplete: %s\n", result.measure.name,
                          result.status.message());
  }
  return lines;
}

}  // namespace rcukv::bench
