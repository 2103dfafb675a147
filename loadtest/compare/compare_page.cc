#include "loadtest/compare/compare_page.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "loadtest/compare/compare_charts.h"
#include "loadtest/compare/report.h"
#include "loadtest/compare/report_table.h"
#include "loadtest/compare/report_words.h"
#include "loadtest/compare/writer_charts.h"
#include "loadtest/page/provenance.h"

namespace rcukv::loadtest {
namespace {

constexpr int kWritersLayer = 5;

std::vector<Verdict> Failures(const Comparison& comparison) {
  std::vector<Verdict> verdicts;
  if (!comparison.failure.ok()) {
    verdicts.push_back(
        {Verdict::kFailure, absl::StrFormat("%s. This is what was measured until then.",
                                            comparison.failure.message())});
  }
  for (const std::string& wrong : WrongAnswers(comparison)) {
    verdicts.push_back({Verdict::kFailure, "Wrong answers: " + wrong});
  }
  return verdicts;
}

std::vector<Verdict> Warnings(const Comparison& comparison) {
  std::vector<Verdict> verdicts;
  const auto warn = [&](std::string words) {
    if (!words.empty()) verdicts.push_back({Verdict::kWarning, std::move(words)});
  };
  if (comparison.interrupted) warn("Interrupted: this is what was measured until then.");
  if (!HasSamples(comparison)) warn("Nothing was measured yet.");
  warn(ClientLimitWords(comparison));
  for (std::string& words : MissingWords(comparison)) warn(std::move(words));
  return verdicts;
}

std::vector<Verdict> Notes(const Comparison& comparison) {
  std::vector<Verdict> verdicts;
  if (!HasSamples(comparison)) return verdicts;
  for (std::string& sentence : SentencesOf(comparison)) {
    verdicts.push_back({Verdict::kNote, std::move(sentence)});
  }
  verdicts.push_back({Verdict::kNote, ChecksOf(comparison)});
  return verdicts;
}

// The worst first.
std::vector<Verdict> Verdicts(const Comparison& comparison) {
  std::vector<Verdict> verdicts = Failures(comparison);
  for (Verdict& verdict : Warnings(comparison)) verdicts.push_back(std::move(verdict));
  for (Verdict& verdict : Notes(comparison)) verdicts.push_back(std::move(verdict));
  return verdicts;
}

std::vector<Fact> Facts(const Comparison& comparison, const Machine& machine,
                        absl::Time written) {
  std::vector<Fact> facts = {{"How", CaptionOf(comparison)},
                             {"Strategies", NamesOf(comparison.strategies, ", ")},
                             {"Machine", ToString(machine)}};
  for (Fact& fact : Provenance(written)) facts.push_back(std::move(fact));
  return facts;
}

std::vector<Chart> Drawn(std::vector<Chart> charts) {
  std::erase_if(charts, [](const Chart& chart) { return !HasPoints(chart); });
  return charts;
}

Section SectionOf(const Comparison& comparison, const LayerResult& layer) {
  std::vector<Chart> charts = SpeedupCharts(comparison, layer);
  if (layer.info.number == kWritersLayer) {
    for (Chart& chart : WriterCharts(comparison, layer)) {
      charts.push_back(std::move(chart));
    }
  }
  return {.title = absl::StrFormat("Layer %d: %s", layer.info.number, layer.info.title),
          .text = layer.info.what,
          .charts = Drawn(std::move(charts))};
}

std::vector<Section> Sections(const Comparison& comparison) {
  std::vector<Section> sections = {
      {.title = "From layer to layer", .charts = Drawn({DilutionChart(comparison)})},
      {.title = "Where the time of a call goes",
       .charts = Drawn({BudgetChart(comparison)})}};
  for (const LayerResult& layer : comparison.layers) {
    Section section = SectionOf(comparison, layer);
    if (!section.charts.empty()) sections.push_back(std::move(section));
  }
  return sections;
}

}  // namespace

Page ComparePage(const Comparison& comparison, const Machine& machine,
                 const std::string& command, absl::Time written) {
  return {.title = "What a barrier costs: reader strategies compared, layer by layer",
          .verdicts = Verdicts(comparison),
          .command = command,
          .facts = Facts(comparison, machine, written),
          .sections = Sections(comparison)};
}

}  // namespace rcukv::loadtest
