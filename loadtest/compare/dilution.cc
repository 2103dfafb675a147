#include "loadtest/compare/dilution.h"

#include <optional>

#include "absl/strings/str_format.h"
#include "loadtest/base/text_table.h"
#include "loadtest/compare/spread_text.h"

namespace rcukv::loadtest {

std::vector<DilutionStep> DilutionOf(const Comparison& comparison) {
  const std::optional<size_t> without = BarrierFree(comparison);
  if (!without.has_value()) return {};
  const size_t with = BaseOf(comparison);
  std::vector<DilutionStep> steps;
  for (const LayerResult& layer : comparison.layers) {
    for (const CaseResult& result : layer.cases) {
      const Spread by_clock =
          SpreadOfSpeedup(result, *without, with, &Sample::reads_per_second);
      if (by_clock.count == 0) continue;
      steps.push_back(
          {.layer = layer.info.number,
           .case_name = result.info.name,
           .title = result.info.title,
           .by_clock = by_clock,
           .by_cpu = SpreadOfSpeedup(result, *without, with, &Sample::cpu_ns_per_read)});
    }
  }
  return steps;
}

std::string RenderDilution(const Comparison& comparison) {
  const std::vector<DilutionStep> steps = DilutionOf(comparison);
  if (steps.empty()) return "";
  const std::string& without = comparison.strategies[*BarrierFree(comparison)].name;
  const std::string& with = comparison.strategies[BaseOf(comparison)].name;
  TextTable table({"", "reads/s", "", "by CPU", ""});
  int layer = 0;
  for (const DilutionStep& step : steps) {
    if (step.layer != layer) {
      layer = step.layer;
      table.AddHeading(absl::StrFormat("Layer %d", layer));
    }
    table.AddRow({"  " + step.title, ShowSpread(step.by_clock),
                  ShowVerdict(VerdictOf(step.by_clock)), ShowSpread(step.by_cpu),
                  ShowVerdict(VerdictOf(step.by_cpu))});
  }
  return absl::StrFormat("Dilution: the speed-up of %s over %s, layer by layer\n\n",
                         without, with) +
         table.Render();
}

}  // namespace rcukv::loadtest
