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
  report += ToString(machine) + "\n" + RenderCaption(comparison) + "\n";
  for (const LayerResult& layer : comparison.layers) {
    report += RenderLayer(comparison, layer) + "\n";
  }
  return report + WithBlankLine(RenderDilution(comparison)) +
         WithBlankLine(RenderBudget(comparison)) + RenderWords(comparison) +
         RenderChecks(comparison) + "\n" + RenderRatioLines(comparison);
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

std::string RenderChecks(const Comparison& comparison) {
  uint64_t reads = 0;
  std::string wrong;
  for (const LayerResult& layer : comparison.layers) {
    for (const CaseResult& result : layer.cases) {
      for (size_t i = 0; i < result.samples.size(); ++i) {
        for (const Sample& sample : result.samples[i]) {
          reads += sample.reads;
          if (sample.wrong == 0) continue;
          absl::StrAppendFormat(&wrong,
                                "WRONG: strategy %s, %s, %s reads; the first: %s\n",
                                comparison.strategies[i].name, result.info.name,
                                GroupedNumber(sample.wrong), sample.first_wrong);
        }
      }
    }
  }
  return absl::StrFormat("%s reads checked, %s wrong.\n", GroupedNumber(reads),
                         GroupedNumber(WrongReads(comparison))) +
         wrong;
}

}  // namespace rcukv::loadtest
