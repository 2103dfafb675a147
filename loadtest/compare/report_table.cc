#include "loadtest/compare/report_table.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "loadtest/base/text_table.h"
#include "loadtest/compare/spread_text.h"

namespace rcukv::loadtest {
namespace {

std::string Cell(const CaseResult& result, size_t strategy, size_t base,
                 const Column& column) {
  if (column.kind == Column::kMedian) {
    const Spread spread = SpreadOfFigure(result, strategy, column.figure);
    return spread.count == 0 ? "-" : column.show(spread.median);
  }
  const Spread speedup = SpreadOfSpeedup(result, strategy, base, column.figure);
  return strategy == base && speedup.count > 0 ? "1" : ShowSpread(speedup);
}

std::vector<std::string> Header(const LayerInfo& info) {
  std::vector<std::string> header = {""};
  for (const Column& column : info.columns) header.push_back(column.title);
  return header;
}

// The most that a case has.
size_t RoundsOf(const Comparison& comparison) {
  size_t rounds = 0;
  for (const LayerResult& layer : comparison.layers) {
    for (const CaseResult& result : layer.cases) {
      for (const std::vector<Sample>& samples : result.samples) {
        rounds = std::max(rounds, samples.size());
      }
    }
  }
  return rounds;
}

}  // namespace

std::string CaptionOf(const Comparison& comparison) {
  const CompareOptions& options = comparison.options;
  const size_t rounds = RoundsOf(comparison);
  const std::string& base = comparison.strategies[BaseOf(comparison)].name;
  return absl::StrFormat(
      "%s entries of %s bytes. Medians of %d %s of %g s. Speed-up: how many times as "
      "good as %s, within a round; in brackets %s. By CPU: the same of reads for a "
      "second of CPU time, which other programs on the machine disturb less; waiting for "
      "a lock takes none.",
      GroupedNumber(static_cast<uint64_t>(options.entries)),
      GroupedNumber(static_cast<uint64_t>(options.value_bytes)), rounds,
      rounds == 1 ? "round" : "rounds", options.seconds, base,
      rounds < Spread::kMinCountForInterval
          ? "the smallest and the largest"
          : "where its median lies with a probability of 95 %");
}

std::vector<std::string> MissingWords(const Comparison& comparison) {
  std::vector<std::string> words;
  for (const MissingStrategy& one : comparison.missing) {
    words.push_back(absl::StrFormat("Without %s: %s.", one.name, one.reason));
  }
  return words;
}

Table LayerTable(const Comparison& comparison, const LayerInfo& info,
                 const std::vector<const CaseResult*>& cases) {
  const size_t base = BaseOf(comparison);
  Table table = {.columns = Header(info)};
  for (const CaseResult* const result : cases) {
    table.rows.push_back({result->info.title});
    for (size_t i = 0; i < comparison.strategies.size(); ++i) {
      std::vector<std::string> row = {"  " + comparison.strategies[i].name};
      for (const Column& column : info.columns) {
        row.push_back(Cell(*result, i, base, column));
      }
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

std::string RenderLayer(const Comparison& comparison, const LayerResult& layer) {
  std::vector<const CaseResult*> cases;
  for (const CaseResult& result : layer.cases) cases.push_back(&result);
  return absl::StrFormat("Layer %d: %s\n", layer.info.number, layer.info.title) +
         Wrapped(layer.info.what, kTerminalColumns) + "\n" +
         RenderText(LayerTable(comparison, layer.info, cases));
}

}  // namespace rcukv::loadtest
