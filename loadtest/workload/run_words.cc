#include "loadtest/workload/run_words.h"

#include <cstdint>
#include <string_view>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "loadtest/base/latency_histogram.h"
#include "loadtest/base/text_table.h"

namespace rcukv::loadtest {
namespace {

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

// Nothing where each get reads one key.
std::string DescribeBatch(const RunOptions& options) {
  if (options.batch == 1) return "";
  return absl::StrFormat(", %s a get", Plural(options.batch, "key"));
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
      "Workload %s: %s%s. Keys: %s, of %s; key bytes %s, value bytes %s. %s, table %s: "
      "%s over %s, %s, for %s after a warm-up of %s; seed %d.",
      options.workload.name, DescribeShares(options.workload), DescribeBatch(options),
      DescribeKeys(options), GroupedNumber(static_cast<uint64_t>(options.entries)),
      options.key_bytes.ToString(), options.value_bytes.ToString(), options.address,
      options.table, Plural(options.callers, "caller"),
      Plural(options.connections, "connection"), DescribeLoop(options),
      absl::FormatDuration(options.duration), absl::FormatDuration(options.warm_up),
      options.seed);
}

std::string ServerWords(const RunResult& result) {
  if (result.server.ok()) return ToString(*result.server);
  return absl::StrFormat("not known: %s", std::string(result.server.status().message()));
}

std::string BatchWords(const RunResult& result) {
  const uint64_t gets = result.phase.measured->count(OperationKind::kGet);
  if (result.options.batch == 1 || gets == 0) return "";
  const double keys =
      static_cast<double>(gets) * static_cast<double>(result.options.batch);
  return absl::StrFormat("The gets read %s keys/s, %s each.",
                         ShortNumber(keys / result.phase.seconds),
                         GroupedNumber(static_cast<uint64_t>(result.options.batch)));
}

std::string AnswersWords(const RunResult& result) {
  std::string words = absl::StrFormat(
      "%s operations measured in %.1f s; the answers of the whole run checked, %s wrong",
      GroupedNumber(result.phase.measured->count()), result.phase.seconds,
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
  const LatencyHistogram& unanswered = result.phase.measured->unanswered();
  if (unanswered.count() == 0) return "";
  return absl::StrFormat(
      "NOT answered: %s calls that were due or sent. They had waited for up to %s; the "
      "row for all takes them as if they had been answered then, so its latencies are at "
      "least these.",
      GroupedNumber(unanswered.count()),
      ShortDuration(static_cast<double>(unanswered.max())));
}

std::string RampWords(const RunResult& result) {
  if (result.steps.empty()) return "";
  const std::string objective = absl::FormatDuration(*result.options.ramp_p99);
  if (MissedObjective(result)) {
    return absl::StrFormat("No rate that was tried met a p99 of %s.", objective);
  }
  return absl::StrFormat("The highest rate that met a p99 of %s: %s operations/s.",
                         objective, ShortNumber(*result.phase.asked_rate));
}

std::string ProcessorWords(const RunResult& result) {
  if (!result.phase.processors.has_value()) return "";
  const std::string busy = absl::StrFormat("%.0f %% busy, %.0f %% with this program",
                                           100 * result.phase.processors->busy,
                                           100 * result.phase.processors->own);
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

}  // namespace rcukv::loadtest
