#include "loadtest/compare/report.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "loadtest/base/text_table.h"
#include "loadtest/compare/report_table.h"
#include "loadtest/compare/report_words.h"

namespace rcukv::loadtest {
namespace {

std::string NameForScripts(const std::string& name) {
  return absl::StrReplaceAll(name, {{"-", "_"}});
}

}  // namespace

std::string RenderReport(const Comparison& comparison, const Machine& machine) {
  std::string report;
  if (comparison.interrupted) {
    report = "Interrupted; this is what was measured until then.\n";
  }
  if (std::all_of(comparison.arms.begin(), comparison.arms.end(),
                  [](const ArmResult& arm) { return arm.samples.empty(); })) {
    return report + "Nothing was measured yet.\n";
  }
  return report + ToString(machine) + "\n" + RenderTable(comparison) + "\n" +
         RenderWords(comparison) + RenderChecks(comparison) + "\n" +
         RenderRatioLines(comparison);
}

std::string RenderRatioLines(const Comparison& comparison) {
  const ArmResult& base = BaseOf(comparison);
  std::string lines;
  const auto add = [&](const std::string& name, Measure measure) {
    for (const ArmResult& arm : comparison.arms) {
      const Spread ratio = SpreadOfRatio(arm, base, measure);
      if (&arm == &base || ratio.count == 0) continue;
      absl::StrAppendFormat(&lines, "ratio loadtest.%s.%s %.2fx vs %s\n", name,
                            NameForScripts(arm.strategy.name), ratio.median,
                            NameForScripts(base.strategy.name));
    }
  };
  add("grpc", GrpcReadsPerSecond);
  const auto add_lookups = [&]<Sections kWay>() {
    const std::string name =
        absl::StrFormat("lookups.%s", kSections[static_cast<size_t>(kWay)].name);
    add(name, LookupsPerSecond<kWay>);
    add(name + ".by_cpu", LookupsPerCpuSecond<kWay>);
  };
  add_lookups.operator()<Sections::kTenAKey>();
  add_lookups.operator()<Sections::kOneAKey>();
  add_lookups.operator()<Sections::kOneABatch>();
  return lines;
}

std::string RenderChecks(const Comparison& comparison) {
  uint64_t reads = 0;
  std::string wrong;
  for (const ArmResult& arm : comparison.arms) {
    for (const Sample& sample : arm.samples) {
      reads += sample.reads;
      if (sample.wrong == 0) continue;
      absl::StrAppendFormat(&wrong, "WRONG: strategy %s, %s reads; the first: %s\n",
                            arm.strategy.name, GroupedNumber(sample.wrong),
                            sample.first_wrong);
    }
  }
  return absl::StrFormat("%s reads checked, %s wrong.\n", GroupedNumber(reads),
                         GroupedNumber(WrongReads(comparison))) +
         wrong;
}

}  // namespace rcukv::loadtest
