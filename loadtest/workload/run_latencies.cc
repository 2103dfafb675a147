#include "loadtest/workload/run_latencies.h"

#include "loadtest/base/text_table.h"

namespace rcukv::loadtest {
namespace {

constexpr double kPercents[] = {50, 90, 99, 99.9, 99.99};

const LatencyHistogram& OfKind(const Measurement& measured, OperationKind kind,
                               LatencyFrom from) {
  return from == LatencyFrom::kDue ? measured.from_due(kind) : measured.from_send(kind);
}

LatencyHistogram OfAll(const Measurement& measured, LatencyFrom from) {
  return from == LatencyFrom::kDue ? measured.AllFromDue() : measured.AllFromSend();
}

std::vector<std::string> RowOf(const NamedLatencies& of, double seconds) {
  std::vector<std::string> cells = {
      of.name,
      seconds > 0 ? ShortNumber(static_cast<double>(of.answered) / seconds) : "-"};
  for (const double percent : kPercents) {
    cells.push_back(ShortDuration(static_cast<double>(of.latencies.Percentile(percent))));
  }
  cells.push_back(ShortDuration(static_cast<double>(of.latencies.max())));
  return cells;
}

}  // namespace

std::string Describe(const RunResult& result, LatencyFrom from) {
  if (!result.phase.asked_rate.has_value()) return "latency";
  return from == LatencyFrom::kDue ? "latency from when the call was due"
                                   : "latency from when it was sent";
}

std::vector<NamedLatencies> LatenciesOf(const RunResult& result, LatencyFrom from) {
  const Measurement& measured = *result.phase.measured;
  std::vector<NamedLatencies> latencies;
  for (const OperationKind kind : kOperationKinds) {
    if (measured.count(kind) == 0) continue;
    latencies.push_back({.name = std::string(ToString(kind)),
                         .answered = measured.count(kind),
                         .latencies = OfKind(measured, kind, from)});
  }
  const LatencyHistogram all = OfAll(measured, from);
  if (latencies.size() > 1 || all.count() > measured.count()) {
    latencies.push_back({.name = "all", .answered = measured.count(), .latencies = all});
  }
  return latencies;
}

Table LatencyTable(const RunResult& result, LatencyFrom from) {
  Table table = {.caption = Describe(result, from),
                 .columns = {"", "ops/s", "p50", "p90", "p99", "p99.9", "p99.99", "max"}};
  for (const NamedLatencies& latencies : LatenciesOf(result, from)) {
    table.rows.push_back(RowOf(latencies, result.phase.seconds));
  }
  return table;
}

}  // namespace rcukv::loadtest
