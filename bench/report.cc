#include "bench/report.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "loadtest/base/text_table.h"

namespace rcukv::bench {
namespace {

using loadtest::ShortNumber;

bool Contains(const std::vector<std::string>& labels, const std::string& label) {
  return std::find(labels.begin(), labels.end(), label) != labels.end();
}

const std::string& PeerFigure(const Compared& compared) {
  return compared.peer_figure.empty() ? compared.figure : compared.peer_figure;
}

// Which of `arms` has the best median of `figure`; absent: none has any.
std::optional<size_t> BestOf(const std::vector<size_t>& arms, const std::string& figure,
                             const Compared& compared, const MeasureResult& result) {
  std::optional<size_t> best;
  double best_median = 0;
  for (const size_t arm : arms) {
    const Summary summary = SummaryOf(ValuesOf(result.samples[arm], figure));
    if (summary.count == 0) continue;
    const bool better = compared.lower_is_better ? summary.median < best_median
                                                 : summary.median > best_median;
    if (best.has_value() && !better) continue;
    best = arm;
    best_median = summary.median;
  }
  return best;
}

// The numbers of our arms, or of the others.
std::vector<size_t> ArmsOf(const Compared& compared, const Measure& measure, bool ours) {
  std::vector<size_t> arms;
  for (size_t arm = 0; arm < measure.arms.size(); ++arm) {
    const std::string& label = measure.arms[arm].label;
    const bool is_ours =
        compared.ours.empty() ? arm == 0 : Contains(compared.ours, label);
    const bool is_peer =
        !is_ours && (compared.peers.empty() || Contains(compared.peers, label));
    if (ours ? is_ours : is_peer) arms.push_back(arm);
  }
  return arms;
}

// Of the best of ours to the best of the peers; absent: one of them was not measured.
std::optional<Ratio> RatioOf(const Compared& compared, const MeasureResult& result) {
  const std::string& peer_figure = PeerFigure(compared);
  const auto our_arm =
      BestOf(ArmsOf(compared, result.measure, true), compared.figure, compared, result);
  const auto peer_arm =
      BestOf(ArmsOf(compared, result.measure, false), peer_figure, compared, result);
  if (!our_arm.has_value() || !peer_arm.has_value()) return std::nullopt;
  const std::vector<double> ours = ValuesOf(result.samples[*our_arm], compared.figure);
  const std::vector<double> peers = ValuesOf(result.samples[*peer_arm], peer_figure);
  Ratio ratio = {
      .name = compared.name,
      .arm = result.measure.arms[*our_arm].label,
      .peer = result.measure.arms[*peer_arm].label,
      .ratio = SummaryOf(compared.lower_is_better ? RatiosByRound(peers, ours)
                                                  : RatiosByRound(ours, peers)),
      .ours = SummaryOf(ours),
      .peers = SummaryOf(peers),
      .target = compared.target};
  if (ratio.ratio.count == 0) return std::nullopt;
  return ratio;
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
