#include "loadtest/compare/report.h"

#include <cstdint>

#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "loadtest/base/text_table.h"
#include "loadtest/compare/budget.h"
#include "loadtest/compare/dilution.h"
#include "loadtest/compare/report_table.h"
#include "loadtest/compare/report_words.h"

namespace rcukv::loadtest {
namespace {

std::string NameForScripts(const std::string& name) {
  return absl::StrReplaceAll(name, {{"-", "_"}});
}

std::string CutShort(const Comparison& comparison) {
  if (comparison.interrupted) {
    return "Interrupted; this is what was measured until then.\n";
  }
  if (comparison.failure.ok()) return "";
  return absl::StrFormat("FAILED: %s\nThis is what was measured until then.\n",
                         comparison.failure.message());
}

std::string Paragraph(const std::string& words) {
  return Wrapped(words, kTerminalColumns);
}

std::string RenderCaption(const Comparison& comparison, const Machine& machine) {
  std::string caption = ToString(machine) + "\n" + Paragraph(CaptionOf(comparison));
  for (const std::string& words : MissingWords(comparison)) caption += Paragraph(words);
  return caption;
}

// What it says in plain words.
std::string RenderWords(const Comparison& comparison) {
  std::string words;
  for (const std::string& sentence : SentencesOf(comparison))
    words += Paragraph(sentence);
  words += Paragraph(ClientLimitWords(comparison)) + ChecksOf(comparison) + "\n";
  for (const std::string& wrong : WrongAnswers(comparison)) {
    words += "WRONG: " + wrong + "\n";
  }
  return words;
}

std::string WithBlankLine(const std::string& section) {
  return section.empty() ? "" : section + "\n";
}

// The ratio lines of one figure of one case.
void AppendRatios(const Comparison& comparison, const CaseResult& result,
                  const std::string& name, Figure figure, std::string& lines) {
  const size_t base = BaseOf(comparison);
  for (size_t i = 0; i < comparison.strategies.size(); ++i) {
    const Spread speedup = SpreadOfSpeedup(result, i, base, figure);
    if (i == base || speedup.count == 0) continue;
    absl::StrAppendFormat(&lines, "ratio loadtest.%s.%s %.2fx vs %s\n", name,
                          NameForScripts(comparison.strategies[i].name), speedup.median,
                          NameForScripts(comparison.strategies[base].name));
  }
}

}  // namespace

std::string RenderReport(const Comparison& comparison, const Machine& machine) {
  std::string report = CutShort(comparison);
  if (!HasSamples(comparison)) return report + "Nothing was measured yet.\n";
  report += RenderCaption(comparison, machine) + "\n";
  for (const LayerResult& layer : comparison.layers) {
    report += RenderLayer(comparison, layer) + "\n";
  }
  return report + WithBlankLine(RenderDilution(comparison)) +
         WithBlankLine(RenderBudget(comparison)) + RenderWords(comparison) + "\n" +
         RenderRatioLines(comparison);
}

std::string RenderRatioLines(const Comparison& comparison) {
  std::string lines;
  for (const LayerResult& layer : comparison.layers) {
    for (const CaseResult& result : layer.cases) {
      const std::string& name = result.info.name;
      AppendRatios(comparison, result, name, &Sample::reads_per_second, lines);
      AppendRatios(comparison, result, name + ".by_cpu", &Sample::cpu_ns_per_read, lines);
    }
  }
  return lines;
}

std::string ChecksOf(const Comparison& comparison) {
  uint64_t reads = 0;
  ForEachSample(comparison, [&](const CaseResult&, size_t, const Sample& sample) {
    reads += sample.reads;
  });
  return absl::StrFormat("%s reads checked, %s wrong.", GroupedNumber(reads),
                         GroupedNumber(WrongReads(comparison)));
}

std::vector<std::string> WrongAnswers(const Comparison& comparison) {
  std::vector<std::string> words;
  ForEachSample(comparison, [&](const CaseResult& result, size_t strategy,
                                const Sample& sample) {
    if (sample.wrong == 0) return;
    words.push_back(absl::StrFormat(
        "strategy %s, %s, %s reads; the first: %s", comparison.strategies[strategy].name,
        result.info.name, GroupedNumber(sample.wrong), sample.first_wrong));
  });
  return words;
}

}  // namespace rcukv::loadtest
