#include "loadtest/workload/run_words.h"

#include <cstdint>
#include <string_view>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "loadtest/base/latency_histogram.h"
#include "loadtest/base/text_table.h"

namespace rcukv::loadtest {
namespace {

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

std::string DescribeLoop(const RunOptions& options) {
  if (options.ramp_p99.has_value()) {
    return absl::StrFormat(
        "open loops, looking for the highest rate with a p99 of at most %s",
        absl::FormatDuration(*options.ramp_p99));
  }
  if (!options.rate.has_value()) return "closed loop";
  return absl::StrFormat("open loop at %s operations/s", ShortNumber(*options.rate));
}

}  // namespace

std::string DescribeRun(const RunOptions& options) {
  return absl::StrFormat(
      "Workload %s: %s. Keys: %s, of %s; key bytes %s, value bytes %s. %s, table %s: "
      "%s over %s, %s, for %s after a warm-up of %s; seed %d.",
      options.workload.name, DescribeShares(options.workload), DescribeKeys(options),
      GroupedNumber(static_cast<uint64_t>(options.entries)), options.key_bytes.ToString(),
      options.value_bytes.ToString(), options.address, options.table,
      Plural(options.callers, "caller"), Plural(options.connections, "connection"),
      DescribeLoop(options), absl::FormatDuration(options.duration),
      absl::FormatDuration(options.warm_up), options.seed);
}

std::string AnswersWords(const RunResult& result) {
  std::string words = absl::StrFormat(
      "%s operations measured in %.1f s; the answers of the whole run checked, %s wrong",
      GroupedNumber(result.measured->count()), result.measured_seconds,
      GroupedNumber(result.wrong));
  if (result.options.workload.share(OperationKind::kReadModifyWrite) > 0) {
    absl::StrAppendFormat(&words, "; %s rmw found that another had written meanwhile",
                          GroupedNumber(result.conflicts));
  }
  return words + ".";
}

std::string UncheckedWords(const RunResult& result) {
  if (result.unchecked == 0) return "";
  return absl::StrFormat("Not checked: %s answers of keys whose insert was not answered.",
                         GroupedNumber(result.unchecked));
}

std::string UnansweredWords(const RunResult& result) {
  const LatencyHistogram& unanswered = result.measured->unanswered();
  if (unanswered.count() == 0) return "";
  return absl::StrFormat(
      "NOT answered: %s calls that were due or sent. They had waited for up to %s; the "
      "row for all takes them as if they had been answered then, so its latencies are at "
      "least these.",
      GroupedNumber(unanswered.count()),
      ShortDuration(static_cast<double>(unanswered.max())));
}

std::string ScheduleWords(const RunResult& result) {
  if (!result.asked_rate.has_value()) return "";
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
        "processor. The latency from the due time has that in it. More --callers or a "
        "lower --rate may help.";
  } else if (result.rate() < kEnough * *result.asked_rate) {
    words += " That is less than was asked for.";
  }
  return words;
}

std::string RampWords(const RunResult& result) {
  if (result.steps.empty()) return "";
  const std::string objective = absl::FormatDuration(*result.options.ramp_p99);
  if (MissedObjective(result)) {
    return absl::StrFormat("No rate that was tried met a p99 of %s.", objective);
  }
  return absl::StrFormat("The highest rate that met a p99 of %s: %s operations/s.",
                         objective, ShortNumber(*result.asked_rate));
}

std::string ProcessorWords(const RunResult& result) {
  if (!result.processors.has_value()) return "";
  const std::string busy =
      absl::StrFormat("%.0f %% busy, %.0f %% with this program",
                      100 * result.processors->busy, 100 * result.processors->own);
  if (!LimitedByClient(result)) {
    return absl::StrFormat("The client's machine had processors to spare: they were %s.",
                           busy);
  }
  return absl::StrFormat(
      "The client may have been the limit, not the server: the processors of its machine "
      "were %s, the rest with others, the server among them if it runs there. With the "
      "load on a machine of its own, rates may be higher and latencies lower.",
      busy);
}

std::string OverheadWords(const RunResult& result) {
  if (result.generator_nanoseconds == 0) return "";
  return absl::StrFormat(
      "The generator itself takes %s of a processor an operation (measured against a "
      "target that answers at once, without the client library and the network).",
      ShortDuration(result.generator_nanoseconds));
}

}  // namespace rcukv::loadtest
