#include "bench/report.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "loadtest/text_table.h"

namespace rcukv::bench {
namespace {

using loadtest::ShortNumber;

bool IsPeer(const Compared& compared, const std::string& label) {
  return compared.peers.empty() || std::find(compared.peers.begin(), compared.peers.end(),
                                             label) != compared.peers.end();
}

// Ours over those of one peer.
Ratio RatioTo(size_t peer, const Compared& compared, const MeasureResult& result) {
  const std::string& peer_figure =
      compared.peer_figure.empty() ? compared.figure : compared.peer_figure;
  const std::vector<double> ours = ValuesOf(result.samples[0], compared.figure);
  const std::vector<double> peers = ValuesOf(result.samples[peer], peer_figure);
  return {.name = compared.name,
          .peer = result.measure.arms[peer].label,
          .ratio = SummaryOf(compared.lower_is_better ? RatiosByRound(peers, ours)
                                                      : RatiosByRound(ours, peers)),
          .ours = SummaryOf(ours),
          .peers = SummaryOf(peers),
          .target = compared.target};
}

bool Better(const Compared& compared, const Ratio& a, const Ratio& b) {
  return compared.lower_is_better ? a.peers.median < b.peers.median
                                  : a.peers.median > b.peers.median;
}

// To the best of the peers; absent: none was measured.
std::optional<Ratio> RatioOf(const Compared& compared, const MeasureResult& result) {
  std::optional<Ratio> best;
  for (size_t arm = 1; arm < result.measure.arms.size(); ++arm) {
    if (!IsPeer(compared, result.measure.arms[arm].label)) continue;
    Ratio ratio = RatioTo(arm, compared, result);
    if (ratio.ratio.count == 0) continue;
    if (!best.has_value() || Better(compared, ratio, *best)) best = std::move(ratio);
  }
  return best;
}

std::string TargetCell(const Ratio& ratio) {
  if (!ratio.target.has_value()) return "-";
  return absl::StrFormat("%g %s", *ratio.target, ratio.Missed() ? "MISSED" : "met");
}

}  // namespace

std::vector<Ratio> RatiosOf(const std::vector<MeasureResult>& results) {
  std::vector<Ratio> ratios;
  for (const MeasureResult& result : results) {
    for (const Compared& compared : result.measure.compared) {
      std::optional<Ratio> ratio = RatioOf(compared, result);
      if (ratio.has_value()) ratios.push_back(*std::move(ratio));
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
