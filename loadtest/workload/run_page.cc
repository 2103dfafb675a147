#include "loadtest/workload/run_page.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "loadtest/base/text_table.h"
#include "loadtest/page/percentile_curve.h"
#include "loadtest/page/provenance.h"
#include "loadtest/workload/load_words.h"
#include "loadtest/workload/run_latencies.h"
#include "loadtest/workload/run_ramp.h"
#include "loadtest/workload/run_timeline.h"
#include "loadtest/workload/run_words.h"

namespace rcukv::loadtest {
namespace {

std::string FailureWords(const RunResult& result) {
  if (result.failure.ok()) return "";
  return absl::StrFormat("%s. This is what was measured until then.",
                         std::string(result.failure.message()));
}

std::string WrongWords(const RunResult& result) {
  if (result.wrong == 0) return "";
  return absl::StrFormat("%s answers were wrong. The first: %s",
                         GroupedNumber(result.wrong), result.first_wrong);
}

std::string InterruptedWords(const RunResult& result) {
  return result.interrupted ? "Interrupted: this is what was measured until then." : "";
}

Verdict::Kind WarningIf(bool warning) {
  return warning ? Verdict::kWarning : Verdict::kNote;
}

bool NullServerFailed(const RunResult& result) {
  return result.overhead.has_value() && !result.overhead->failure.ok();
}

// Of what was not measured there is nothing to say but why.
std::vector<Verdict> VerdictsOfMeasurement(const RunResult& result) {
  if (result.phase.measured->empty()) {
    return {{Verdict::kWarning, "Nothing was measured yet."}};
  }
  const bool open = result.phase.asked_rate.has_value();
  return {{Verdict::kNote, BatchWords(result)},
          {Verdict::kWarning, UnansweredWords(result)},
          {WarningIf(open && !KeptSchedule(result.phase)), ScheduleWords(result)},
          {WarningIf(LimitedByClient(result)), ProcessorWords(result)},
          {WarningIf(NullServerFailed(result)), NullServerWords(result)},
          {Verdict::kNote, GeneratorWords(result)}};
}

// The worst first.
std::vector<Verdict> Verdicts(const RunResult& result) {
  std::vector<Verdict> verdicts = {
      {Verdict::kFailure, FailureWords(result)},
      {Verdict::kFailure, WrongWords(result)},
      {MissedObjective(result) ? Verdict::kFailure : Verdict::kNote, RampWords(result)},
      {Verdict::kWarning, InterruptedWords(result)},
      {Verdict::kNote, AnswersWords(result)},
      {Verdict::kNote, UncheckedWords(result)}};
  for (const Verdict& verdict : VerdictsOfMeasurement(result)) {
    verdicts.push_back(verdict);
  }
  std::erase_if(verdicts, [](const Verdict& verdict) { return verdict.text.empty(); });
  std::stable_sort(verdicts.begin(), verdicts.end(),
                   [](const Verdict& a, const Verdict& b) { return a.kind > b.kind; });
  return verdicts;
}

std::vector<Fact> Facts(const RunResult& result, const Machine& machine,
                        absl::Time written) {
  std::vector<Fact> facts = {{"Load", DescribeRun(result.options)},
                             {"Server", ServerWords(result)},
                             {"Client", ToString(machine)}};
  for (Fact& fact : Provenance(written)) facts.push_back(std::move(fact));
  return facts;
}

// Both clocks have one scale, so that what lies between them can be seen.
std::vector<double> SmallestAndLargest(const RunResult& result) {
  std::vector<double> ends;
  for (const LatencyFrom from : {LatencyFrom::kDue, LatencyFrom::kSent}) {
    for (const NamedLatencies& of : LatenciesOf(result, from)) {
      const std::vector<Point> points = PercentileCurve(of.latencies);
      if (points.empty()) continue;
      ends.push_back(points.front().y);
      ends.push_back(points.back().y);
    }
  }
  if (ends.empty()) return {};
  const auto [smallest, largest] = std::minmax_element(ends.begin(), ends.end());
  return {*smallest, *largest};
}

Table CurvesTable(const std::vector<NamedLatencies>& latencies) {
  Table table = {.columns = {"percentile"}};
  std::vector<const LatencyHistogram*> histograms;
  for (const NamedLatencies& of : latencies) {
    table.columns.push_back(of.name);
    histograms.push_back(&of.latencies);
  }
  table.rows = PercentileRows(histograms);
  return table;
}

Chart CurvesChart(const RunResult& result, LatencyFrom from) {
  const std::vector<NamedLatencies> latencies = LatenciesOf(result, from);
  Chart chart = {
      .id = from == LatencyFrom::kDue ? "curves-due" : "curves-sent",
      .title = "Percentiles: " + Describe(result, from),
      .text =
          "At 99 % stands what 99 in 100 operations did not exceed. Each further "
          "nine has as much room as the one before; a line ends at the largest.",
      .x = {.kind = Axis::kNines, .title = "percentile"},
      .y = {.kind = Axis::kLatency,
            .title = "latency",
            .within = SmallestAndLargest(result)},
      .table = CurvesTable(latencies)};
  for (const NamedLatencies& of : latencies) {
    chart.lines.push_back({.name = of.name, .points = PercentileCurve(of.latencies)});
  }
  return chart;
}

std::vector<Table> Tables(const RunResult& result) {
  if (result.phase.measured->empty()) return {};
  std::vector<Table> tables = {LatencyTable(result, LatencyFrom::kDue)};
  if (result.phase.asked_rate.has_value()) {
    tables.push_back(LatencyTable(result, LatencyFrom::kSent));
  }
  return tables;
}

std::vector<Chart> Charts(const RunResult& result) {
  std::vector<Chart> charts;
  if (!result.steps.empty()) charts.push_back(RampChart(result));
  charts.push_back(ThroughputChart(result));
  charts.push_back(LatencyTimeChart(result));
  charts.push_back(CurvesChart(result, LatencyFrom::kDue));
  if (result.phase.asked_rate.has_value()) {
    charts.push_back(CurvesChart(result, LatencyFrom::kSent));
  }
  std::erase_if(charts, [](const Chart& chart) { return !HasPoints(chart); });
  return charts;
}

}  // namespace

Page RunPage(const RunResult& result, const Machine& machine, const std::string& command,
             absl::Time written) {
  return {.title = absl::StrFormat("Load test: workload %s on %s",
                                   result.options.workload.name, result.options.address),
          .verdicts = Verdicts(result),
          .command = command,
          .facts = Facts(result, machine, written),
          .sections = {{.title = "Figures", .tables = Tables(result)},
                       {.title = "Charts", .charts = Charts(result)}}};
}

}  // namespace rcukv::loadtest
