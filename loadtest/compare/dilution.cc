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

std::string DilutionTitle(const Comparison& comparison) {
  return absl::StrFormat("Dilution: the speed-up of %s over %s, layer by layer",
                         comparison.strategies[*BarrierFree(comparison)].name,
                         comparison.strategies[BaseOf(comparison)].name);
}

Table DilutionTable(const std::vector<DilutionStep>& steps) {
  Table table = {.columns = {"", "reads/s", "", "by CPU"}};
  int layer = 0;
  for (const DilutionStep& step : steps) {
    if (step.layer != layer) {
      layer = step.layer;
      table.rows.push_back({absl::StrFormat("Layer %d", layer)});
    }
    table.rows.push_back({"  " + step.title, ShowSpread(step.by_clock),
                          ShowDifference(DifferenceOf(step.by_clock)),
                          ShowSpread(step.by_cpu)});
  }
  return table;
}

std::string RenderDilution(const Comparison& comparison) {
  const std::vector<DilutionStep> steps = DilutionOf(comparison);
  if (steps.empty()) return "";
  return DilutionTitle(comparison) + "\n\n" + RenderText(DilutionTable(steps));
}

}  // namespace rcukv::loadtest
