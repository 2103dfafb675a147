#include "loadtest/flip/flip_page.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "loadtest/base/text_table.h"
#include "loadtest/flip/flip_charts.h"
#include "loadtest/flip/flip_tables.h"
#include "loadtest/flip/flip_words.h"
#include "loadtest/page/provenance.h"

namespace rcukv::loadtest {
namespace {

std::string FailureWords(const FlipResult& result) {
  if (result.failure.ok()) return "";
  return absl::StrFormat("%s. This is what was measured until then.",
                         std::string(result.failure.message()));
}

std::string WrongWords(const FlipResult& result) {
  if (result.wrong == 0) return "";
  return absl::StrFormat("%s answers were wrong. The first: %s",
                         GroupedNumber(result.wrong), result.first_wrong);
}

std::string InterruptedWords(const FlipResult& result) {
  return result.interrupted ? "Interrupted: this is what was measured until then." : "";
}

// The worst first.
std::vector<Verdict> Verdicts(const FlipResult& result) {
  std::vector<Verdict> verdicts = {
      {Verdict::kFailure, FailureWords(result)},
      {Verdict::kFailure, WrongWords(result)},
      {Verdict::kFailure, std::string(result.restore_failure.message())},
      {Verdict::kWarning, InterruptedWords(result)},
      {Verdict::kWarning, ScheduleWords(result)}};
  for (const std::string& words : ComparisonWords(result)) {
    verdicts.push_back({Verdict::kNote, words});
  }
  verdicts.push_back({Verdict::kNote, NoiseWords(result)});
  verdicts.push_back({Verdict::kNote, AnswersWords(result)});
  std::erase_if(verdicts, [](const Verdict& verdict) { return verdict.text.empty(); });
  return verdicts;
}

std::vector<Fact> Facts(const FlipResult& result, const Machine& machine,
                        absl::Time written) {
  std::vector<Fact> facts = {{"Load", DescribeFlip(result)},
                             {"Figures", FiguresWords(result)},
                             {"Interrupts", InterruptWords(result)},
                             {"Machine", ToString(machine)}};
  for (Fact& fact : Provenance(written)) facts.push_back(std::move(fact));
  std::erase_if(facts, [](const Fact& fact) { return fact.text.empty(); });
  return facts;
}

}  // namespace

Page FlipPage(const FlipResult& result, const Machine& machine,
              const std::string& command, absl::Time written) {
  return {.title = "Load test: settings switched under load",
          .verdicts = Verdicts(result),
          .command = command,
          .facts = Facts(result, machine, written),
          .sections = {{.title = "Figures", .tables = FlipTables(result)},
                       {.title = "Charts", .charts = FlipCharts(result)}}};
}

}  // namespace rcukv::loadtest
