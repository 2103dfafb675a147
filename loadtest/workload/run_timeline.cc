#include "loadtest/workload/run_timeline.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "loadtest/base/text_table.h"

namespace rcukv::loadtest {
namespace {

// More than a chart has pixels for, or a table readers.
constexpr size_t kMostPoints = 600;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

bool SamePhase(const RunSecond& a, const RunSecond& b) {
  return a.warm_up == b.warm_up && a.after_end == b.after_end &&
         a.asked_rate == b.asked_rate;
}

// `next` follows `second`.
void Append(const RunSecond& next, RunSecond& second) {
  second.at = next.at;
  second.seconds += next.seconds;
  second.operations += next.operations;
  second.unanswered += next.unanswered;
  second.p50 = std::max(second.p50, next.p50);
  second.p99 = std::max(second.p99, next.p99);
  second.p999 = std::max(second.p999, next.p999);
  second.max = std::max(second.max, next.max);
  second.wrong = next.wrong;
}

std::vector<RunSecond> Shown(const RunResult& result) {
  return Together(result.seconds, SecondsTogether(result.seconds.size()));
}

std::string ShownWords(const RunResult& result) {
  const size_t together = SecondsTogether(result.seconds.size());
  if (together == 1) return "";
  return absl::StrFormat(
      " A point stands for %d seconds: their mean rate, the worst of their percentiles.",
      together);
}

std::string PhaseOf(const RunSecond& second) {
  if (second.warm_up) return "warm-up";
  return second.after_end ? "after the end" : "measured";
}

std::vector<Band> BandsOf(const std::vector<RunSecond>& seconds) {
  std::vector<Band> bands;
  const RunSecond* last = nullptr;
  for (const RunSecond& second : seconds) {
    const bool goes_on = last != nullptr && SamePhase(*last, second);
    last = &second;
    if (!second.warm_up && !second.after_end) continue;
    if (!goes_on) {
      bands.push_back({.name = PhaseOf(second), .from = second.at - second.seconds});
    }
    bands.back().to = second.at;
  }
  return bands;
}

// A point stands in the middle of its second.
double Middle(const RunSecond& second) { return second.at - second.seconds / 2; }

Axis TimeAxis(const std::vector<RunSecond>& seconds) {
  return {.kind = Axis::kTime,
          .title = "time since the load began",
          .within = {seconds.empty() ? 1 : seconds.back().at}};
}

Line RateDone(const std::vector<RunSecond>& seconds) {
  Line line = {.name = "done"};
  for (const RunSecond& second : seconds) {
    line.points.push_back({.x = Middle(second), .y = second.rate()});
  }
  return line;
}

// After the end nothing is.
Line RateAskedFor(const std::vector<RunSecond>& seconds) {
  Line line = {.name = "asked for"};
  for (const RunSecond& second : seconds) {
    line.points.push_back(
        {.x = Middle(second), .y = second.after_end ? kNone : second.asked_rate});
  }
  return line;
}

// A second in which nothing was answered nor given up has no latency.
Line LatencyLine(const std::string& name, uint64_t RunSecond::*latency,
                 const std::vector<RunSecond>& seconds) {
  Line line = {.name = name};
  for (const RunSecond& second : seconds) {
    const bool none = second.operations + second.unanswered == 0;
    const auto nanoseconds = static_cast<double>(std::max<uint64_t>(second.*latency, 1));
    line.points.push_back({.x = Middle(second), .y = none ? kNone : nanoseconds});
  }
  return line;
}

Table RateTable(const std::vector<RunSecond>& seconds) {
  Table table = {.columns = {"until", "", "ops/s", "asked for", "answered",
                             "not answered", "wrong"}};
  for (const RunSecond& second : seconds) {
    table.rows.push_back({absl::StrFormat("%.1f s", second.at), PhaseOf(second),
                          ShortNumber(second.rate()),
                          second.asked_rate > 0 ? ShortNumber(second.asked_rate) : "-",
                          GroupedNumber(second.operations),
                          GroupedNumber(second.unanswered), GroupedNumber(second.wrong)});
  }
  return table;
}

Table LatencyTimeTable(const std::vector<RunSecond>& seconds) {
  Table table = {.columns = {"until", "", "p50", "p99", "p99.9", "max"}};
  for (const RunSecond& second : seconds) {
    std::vector<std::string> row = {absl::StrFormat("%.1f s", second.at),
                                    PhaseOf(second)};
    for (const uint64_t latency : {second.p50, second.p99, second.p999, second.max}) {
      row.push_back(ShortDuration(static_cast<double>(latency)));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace

size_t SecondsTogether(size_t seconds) {
  return std::max<size_t>(1, (seconds + kMostPoints - 1) / kMostPoints);
}

std::vector<RunSecond> Together(const std::vector<RunSecond>& seconds, size_t together) {
  std::vector<RunSecond> shown;
  size_t in_last = 0;
  for (const RunSecond& second : seconds) {
    if (in_last == 0 || in_last == together || !SamePhase(shown.back(), second)) {
      shown.push_back(second);
      in_last = 1;
    } else {
      Append(second, shown.back());
      ++in_last;
    }
  }
  return shown;
}

Chart ThroughputChart(const RunResult& result) {
  const std::vector<RunSecond> seconds = Shown(result);
  Chart chart = {
      .id = "throughput",
      .title = "Throughput over time",
      .text =
          "Operations answered a second. What is set off in grey is not in the "
          "figures above (warm-up), or came after the end of calls that had been due "
          "before it." +
          ShownWords(result),
      .x = TimeAxis(seconds),
      .y = {.kind = Axis::kRate, .title = "operations/s"},
      .lines = {RateDone(seconds)},
      .bands = BandsOf(seconds),
      .table = RateTable(seconds)};
  if (result.phase.asked_rate.has_value()) chart.lines.push_back(RateAskedFor(seconds));
  return chart;
}

Chart LatencyTimeChart(const RunResult& result) {
  const std::vector<RunSecond> seconds = Shown(result);
  return {.id = "latency",
          .title = "Latency over time",
          .text =
              "Of each second's operations half took no longer than p50, 99 in 100 no "
              "longer than p99. The time is from when a call was due; in a closed "
              "loop it is sent then." +
              ShownWords(result),
          .x = TimeAxis(seconds),
          .y = {.kind = Axis::kLatency, .title = "latency"},
          .lines = {LatencyLine("p50", &RunSecond::p50, seconds),
                    LatencyLine("p99", &RunSecond::p99, seconds),
                    LatencyLine("p99.9", &RunSecond::p999, seconds),
                    LatencyLine("max", &RunSecond::max, seconds)},
          .bands = BandsOf(seconds),
          .table = LatencyTimeTable(seconds)};
}

}  // namespace rcukv::loadtest
