#include "loadtest/workload/run_report.h"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "loadtest/base/latency_histogram.h"
#include "loadtest/base/text_table.h"

namespace rcukv::loadtest {
namespace {

constexpr size_t kColumns = 90;
constexpr double kPercents[] = {50, 90, 99, 99.9, 99.99};
// Of the operations asked for, the share that must be done.
constexpr double kEnough = 0.99;

std::string Plural(int64_t count, std::string_view word) {
  return absl::StrFormat("%s %s%s", GroupedNumber(static_cast<uint64_t>(count)),
                         std::string(word), count == 1 ? "" : "s");
}

std::string DescribeKeys(const RunOptions& options) {
  const KeyDistribution& keys = options.keys;
  switch (keys.kind) {
    case KeyDistribution::kUniform:
      return "uniform";
    case KeyDistribution::kZipf:
    case KeyDistribution::kLatest:
      return absl::StrFormat("%s %g", ToString(keys.kind), keys.exponent);
    case KeyDistribution::kHotSet:
      return absl::StrFormat("hotset, %g %% of the keys get %g %% of the operations",
                             100 * keys.hot_keys, 100 * keys.hot_operations);
  }
  return "?";
}

std::string DescribeRun(const RunOptions& options) {
  const std::string loop =
      options.ramp_p99.has_value()
          ? absl::StrFormat(
                "open loops, looking for the highest rate with a p99 of at "
                "most %s",
                absl::FormatDuration(*options.ramp_p99))
      : options.rate.has_value()
          ? absl::StrFormat("open loop at %s operations/s", ShortNumber(*options.rate))
          : "closed loop";
  return Wrapped(
      absl::StrFormat(
          "Workload %s: %s. Keys: %s, of %s; key bytes %s, value bytes %s. %s, table %s: "
          "%s over %s, %s, for %s after a warm-up of %s; seed %d.",
          options.workload.name, DescribeShares(options.workload), DescribeKeys(options),
          GroupedNumber(static_cast<uint64_t>(options.entries)),
          options.key_bytes.ToString(), options.value_bytes.ToString(), options.address,
          options.table, Plural(options.callers, "caller"),
          Plural(options.connections, "connection"), loop,
          absl::FormatDuration(options.duration), absl::FormatDuration(options.warm_up),
          options.seed),
      kColumns);
}

void AddRow(const std::string& name, uint64_t count, const LatencyHistogram& latencies,
            double seconds, TextTable& table) {
  std::vector<std::string> cells = {
      name, seconds > 0 ? ShortNumber(static_cast<double>(count) / seconds) : "-"};
  for (const double percent : kPercents) {
    cells.push_back(ShortDuration(static_cast<double>(latencies.Percentile(percent))));
  }
  cells.push_back(ShortDuration(static_cast<double>(latencies.max())));
  table.AddRow(std::move(cells));
}

using OfKind = const LatencyHistogram& (Measurement::*)(OperationKind) const;
using OfAll = LatencyHistogram (Measurement::*)() const;

// A row a kind of operation, and one for all where there are several or where some were
// not answered.
void AddRows(const RunResult& result, OfKind of_kind, OfAll of_all, TextTable& table) {
  size_t kinds = 0;
  for (const OperationKind kind : kOperationKinds) {
    if (result.measured->count(kind) == 0) continue;
    ++kinds;
    AddRow(std::string(ToString(kind)), result.measured->count(kind),
           ((*result.measured).*of_kind)(kind), result.measured_seconds, table);
  }
  const LatencyHistogram all = ((*result.measured).*of_all)();
  if (kinds > 1 || all.count() > result.measured->count()) {
    AddRow("all", result.measured->count(), all, result.measured_seconds, table);
  }
}

std::string RenderTable(const RunResult& result) {
  TextTable table({"", "ops/s", "p50", "p90", "p99", "p99.9", "p99.99", "max"});
  const bool open = result.asked_rate.has_value();
  table.AddHeading(open ? "latency from when the call was due" : "latency");
  AddRows(result, &Measurement::from_due, &Measurement::AllFromDue, table);
  if (open) {
    table.AddHeading("latency from when it was sent");
    AddRows(result, &Measurement::from_send, &Measurement::AllFromSend, table);
  }
  return table.Render();
}

// Of an open loop: whether the load was what was asked for.
std::string RenderSchedule(const RunResult& result) {
  const LatencyHistogram& late = result.measured->late();
  std::string words = absl::StrFormat(
      "Schedule error: p50 %s, p99 %s, max %s; %s of %s operations/s done.",
      ShortDuration(static_cast<double>(late.Percentile(50))),
      ShortDuration(static_cast<double>(late.Percentile(99))),
      ShortDuration(static_cast<double>(late.max())), ShortNumber(result.rate()),
      ShortNumber(*result.asked_rate));
  if (!KeptSchedule(result)) {
    words +=
        " The schedule was NOT kept: more than one call in a hundred was sent over 1 ms "
        "late or not at all, as all callers were waiting for answers or had no "
        "processor. The latency "
        "from the due time has that in it. More --callers or a lower --rate may help.";
  } else if (result.rate() < kEnough * *result.asked_rate) {
    words += " That is less than was asked for.";
  }
  return Wrapped(words, kColumns);
}

// What became of calls that were due.
std::string RenderUnanswered(const RunResult& result) {
  const LatencyHistogram& unanswered = result.measured->unanswered();
  if (unanswered.count() == 0) return "";
  return Wrapped(absl::StrFormat("NOT answered: %s calls that were due or sent. They had "
                                 "waited for up to %s; the "
                                 "row for all takes them as if they had been answered "
                                 "then, so its latencies are "
                                 "at least these.",
                                 GroupedNumber(unanswered.count()),
                                 ShortDuration(static_cast<double>(unanswered.max()))),
                 kColumns);
}

// What a ramp tried, and what it found.
std::string RenderRamp(const RunResult& result) {
  TextTable table({"tried", "ops/s done", "p50", "p99", "objective"});
  for (const RampStep& step : result.steps) {
    table.AddRow({ShortNumber(step.rate), ShortNumber(step.done),
                  ShortDuration(static_cast<double>(step.p50)),
                  ShortDuration(static_cast<double>(step.p99)),
                  step.met              ? "met"
                  : step.reason.empty() ? "missed"
                                        : "missed: " + step.reason});
  }
  const std::string objective = absl::FormatDuration(*result.options.ramp_p99);
  const std::string verdict =
      MissedObjective(result)
          ? absl::StrFormat("No rate that was tried met a p99 of %s.", objective)
          : absl::StrFormat(
                "The highest rate that met a p99 of %s: %s operations/s. Of "
                "that rate:",
                objective, ShortNumber(*result.asked_rate));
  return table.Render() + "\n" + Wrapped(verdict, kColumns) + "\n";
}

// How much of the client's time was spent on the load rather than on the calls.
std::string RenderOverhead(const RunResult& result) {
  return Wrapped(
      absl::StrFormat(
          "The generator itself takes %s of a processor an operation (measured "
          "against a target that answers at once, without the client library "
          "and the network).",
          ShortDuration(result.generator_nanoseconds)),
      kColumns);
}

std::string RenderAnswers(const RunResult& result) {
  std::string words = absl::StrFormat(
      "%s operations measured in %.1f s; the answers of the whole run checked, %s wrong",
      GroupedNumber(result.measured->count()), result.measured_seconds,
      GroupedNumber(result.wrong));
  if (result.options.workload.share(OperationKind::kReadModifyWrite) > 0) {
    absl::StrAppendFormat(&words, "; %s rmw found that another had written meanwhile",
                          GroupedNumber(result.conflicts));
  }
  words += ".\n";
  if (result.unchecked > 0) {
    absl::StrAppendFormat(
        &words, "Not checked: %s answers of keys whose insert was not answered.\n",
        GroupedNumber(result.unchecked));
  }
  if (!result.first_wrong.empty()) {
    absl::StrAppendFormat(&words, "The first wrong answer: %s\n", result.first_wrong);
  }
  return words;
}

std::string RenderEnd(const RunResult& result) {
  std::string words;
  if (!result.failure.ok()) {
    absl::StrAppendFormat(&words, "FAILED: %s\n", result.failure.message());
  }
  if (result.interrupted) words += "Interrupted.\n";
  if (words.empty()) return "";
  return words + (!result.measured->empty() ? "Above is what was measured until then.\n"
                                            : "Nothing was measured yet.\n");
}

}  // namespace

std::string RenderRun(const RunResult& result, const Machine& machine) {
  std::string text =
      "\n" + DescribeRun(result.options) + "Client: " + ToString(machine) + ".\n\n";
  if (!result.steps.empty()) text += RenderRamp(result);
  if (!result.measured->empty()) {
    text += RenderTable(result) + "\n" + RenderUnanswered(result);
    if (result.asked_rate.has_value()) text += RenderSchedule(result);
    if (result.generator_nanoseconds > 0) text += RenderOverhead(result);
  }
  return text + RenderAnswers(result) + RenderEnd(result);
}

std::string RenderRunSecond(const RunSecond& second) {
  const auto duration = [](uint64_t nanoseconds) {
    return ShortDuration(static_cast<double>(nanoseconds));
  };
  std::string line =
      absl::StrFormat("%5.1f s  %8s ops/s  p50 %8s  p99 %8s  p99.9 %8s  max %8s",
                      second.at, ShortNumber(second.rate()), duration(second.p50),
                      duration(second.p99), duration(second.p999), duration(second.max));
  if (second.wrong > 0) {
    absl::StrAppendFormat(&line, "  %s WRONG", GroupedNumber(second.wrong));
  }
  if (second.warm_up) line += "  (warm-up)";
  return line;
}

}  // namespace rcukv::loadtest
