#include "loadtest/flip/flip_files.h"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "loadtest/base/machine_json.h"
#include "loadtest/base/statistics.h"
#include "loadtest/flip/flip_setting.h"
#include "loadtest/flip/flip_summary.h"

namespace rcukv::loadtest {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kIndent = 1;

template <typename Number>
Json OrNull(const std::optional<Number>& number) {
  return number.has_value() ? Json(*number) : Json(nullptr);
}

Json ToJson(const FlipOptions& options) {
  return {{"settings", NamesOf(options.settings)},
          {"rounds", options.rounds},
          {"duration_seconds", absl::ToDoubleSeconds(options.duration)},
          {"settling_seconds", absl::ToDoubleSeconds(options.settling())},
          {"interval_seconds", absl::ToDoubleSeconds(options.interval)},
          {"rate", options.rate},
          {"write_rate", options.write_rate},
          {"callers", options.callers},
          {"write_callers", options.write_callers},
          {"entries", options.entries},
          {"value_bytes", options.value_bytes},
          {"seed", options.seed},
          {"table", options.table},
          {"address", options.address},
          {"admin_address", options.admin_address}};
}

Json ToJson(const CallFigures& calls) {
  return {{"done", calls.done},
          {"p50_ns", calls.p50},
          {"p99_ns", calls.p99},
          {"p99.9_ns", calls.p999},
          {"max_ns", calls.max},
          {"from_send_p50_ns", calls.sent_p50},
          {"from_send_p99_ns", calls.sent_p99},
          {"late_p99_ns", calls.late_p99}};
}

Json ToJson(const FlipFigures& figures) {
  return {{"seconds", figures.seconds},
          {"reads", ToJson(figures.reads)},
          {"writes", ToJson(figures.writes)},
          {"grace_periods", figures.grace_periods},
          {"grace_period_mean_ns", OrNull(figures.grace_period_mean_ns)},
          {"grace_period_p99_bound_ns", OrNull(figures.grace_period_p99_ns)},
          {"backlog_entries", figures.backlog_entries},
          {"backlog_bytes", figures.backlog_bytes},
          {"function_call_interrupts", OrNull(figures.interrupts)},
          {"expedited_calls", figures.expedited_calls},
          {"non_expedited_calls", figures.non_expedited_calls},
          {"global_expedited_calls", figures.global_expedited_calls}};
}

Json ToJson(const FlipPhase& phase, const FlipOptions& options) {
  return {{"setting", NameOf(options.settings[phase.setting])},
          {"round", phase.round + 1},
          {"from_seconds", phase.from},
          {"to_seconds", phase.to},
          {"complete", phase.complete},
          {"backlog_bytes_max", phase.backlog_bytes_max},
          {"figures", ToJson(phase.figures)}};
}

Json ToJson(const FlipSample& sample) {
  return {{"phase", sample.phase + 1},
          {"at_seconds", sample.at},
          {"settled", sample.settled},
          {"reported", NameOf(sample.reported)},
          {"figures", ToJson(sample.figures)}};
}

// null where there is no value.
Json ToJson(const Spread& spread) {
  if (spread.count == 0) return nullptr;
  return {{"median", spread.median},
          {"low", spread.low},
          {"high", spread.high},
          {"phases", spread.count}};
}

Json Summary(const FlipResult& result) {
  Json settings = Json::object();
  for (size_t setting = 0; setting < result.options.settings.size(); ++setting) {
    Json figures = Json::object();
    for (const NamedFlipMeasure& named : FlipMeasures()) {
      figures[named.name] = ToJson(SpreadOf(result, setting, named.measure));
    }
    settings[NameOf(result.options.settings[setting])] = std::move(figures);
  }
  return settings;
}

constexpr char kCsvHeader[] =
    "phase,setting,round,at_seconds,seconds,settled,reads,read_p50_ns,read_p99_ns,"
    "read_p99.9_ns,read_max_ns,writes,write_p50_ns,write_p99_ns,write_p99.9_ns,"
    "write_max_ns,grace_periods,grace_period_mean_ns,backlog_entries,backlog_bytes,"
    "function_call_interrupts,expedited_calls,non_expedited_calls,global_expedited_calls"
    "\n";

std::string CsvOf(const CallFigures& calls) {
  return absl::StrFormat("%d,%d,%d,%d,%d", calls.done, calls.p50, calls.p99, calls.p999,
                         calls.max);
}

std::string CsvOf(const FlipFigures& figures) {
  std::string grace_period, interrupts;
  if (figures.grace_period_mean_ns.has_value()) {
    grace_period = absl::StrFormat("%.0f", *figures.grace_period_mean_ns);
  }
  if (figures.interrupts.has_value()) {
    interrupts = absl::StrFormat("%d", *figures.interrupts);
  }
  return absl::StrFormat("%s,%s,%d,%s,%d,%d,%s,%d,%d,%d", CsvOf(figures.reads),
                         CsvOf(figures.writes), figures.grace_periods, grace_period,
                         figures.backlog_entries, figures.backlog_bytes, interrupts,
                         figures.expedited_calls, figures.non_expedited_calls,
                         figures.global_expedited_calls);
}

}  // namespace

std::string ToJson(const FlipResult& result, const Machine& machine) {
  Json phases = Json::array();
  for (const FlipPhase& phase : result.phases) {
    phases.push_back(ToJson(phase, result.options));
  }
  Json samples = Json::array();
  for (const FlipSample& sample : result.samples) samples.push_back(ToJson(sample));
  const Json json = {
      {"machine", ToJson(machine)},
      {"options", ToJson(result.options)},
      {"server", result.server},
      {"interrupted", result.interrupted},
      {"failure", std::string(result.failure.message())},
      {"restore_failure", std::string(result.restore_failure.message())},
      {"reads", result.reads},
      {"writes", result.writes},
      {"wrong", result.wrong},
      {"first_wrong", result.first_wrong},
      {"settings", Summary(result)},
      {"phases", std::move(phases)},
      {"samples", std::move(samples)},
  };
  // What a server says need not be UTF-8.
  return json.dump(kIndent, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string ToCsv(const FlipResult& result) {
  std::string csv = kCsvHeader;
  for (const FlipSample& sample : result.samples) {
    const FlipPhase& phase = result.phases[sample.phase];
    absl::StrAppendFormat(&csv, "%d,%s,%d,%.6f,%.6f,%d,%s\n", sample.phase + 1,
                          NameOf(result.options.settings[phase.setting]), phase.round + 1,
                          sample.at, sample.figures.seconds, sample.settled,
                          CsvOf(sample.figures));
  }
  return csv;
}

}  // namespace rcukv::loadtest
