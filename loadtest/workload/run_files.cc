#include "loadtest/workload/run_files.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "loadtest/base/latency_histogram.h"
#include "loadtest/base/machine_json.h"

namespace rcukv::loadtest {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kIndent = 1;
constexpr double kPercents[] = {0,  1,    5,    10,    25,    50,     75,     90, 95,
                                99, 99.5, 99.9, 99.95, 99.99, 99.995, 99.999, 100};

Json ToJson(const KeyDistribution& keys) {
  Json json = {{"distribution", ToString(keys.kind)}};
  switch (keys.kind) {
    case KeyDistribution::kUniform:
      break;
    case KeyDistribution::kZipf:
    case KeyDistribution::kLatest:
      json["exponent"] = keys.exponent;
      break;
    case KeyDistribution::kHotSet:
      json["hot_keys"] = keys.hot_keys;
      json["hot_operations"] = keys.hot_operations;
      break;
  }
  return json;
}

Json ToJson(const Workload& workload) {
  Json shares = Json::object();
  for (const OperationKind kind : kOperationKinds) {
    if (workload.share(kind) == 0) continue;
    shares[std::string(ToString(kind))] = workload.share(kind);
  }
  return {{"name", workload.name}, {"shares", std::move(shares)}};
}

Json ToJson(const RunOptions& options) {
  Json json = {{"address", options.address},
               {"admin_address", options.admin_address},
               {"table", options.table},
               {"workload", ToJson(options.workload)},
               {"keys", ToJson(options.keys)},
               {"scan_entries", options.scan_entries},
               {"batch", options.batch},
               {"entries", options.entries},
               {"key_bytes", options.key_bytes.ToString()},
               {"value_bytes", options.value_bytes.ToString()},
               {"seed", options.seed},
               {"load", options.load},
               {"callers", options.callers},
               {"connections", options.connections},
               {"rate", nullptr},
               {"ramp_p99_ns", nullptr},
               {"warm_up_seconds", absl::ToDoubleSeconds(options.warm_up)},
               {"duration_seconds", absl::ToDoubleSeconds(options.duration)},
               {"timeout_seconds", absl::ToDoubleSeconds(options.timeout)}};
  if (options.rate.has_value()) json["rate"] = *options.rate;
  if (options.ramp_p99.has_value()) {
    json["ramp_p99_ns"] = absl::ToInt64Nanoseconds(*options.ramp_p99);
  }
  return json;
}

Json ToJson(const LatencyHistogram& latencies) {
  Json percentiles = Json::object();
  for (const double percent : kPercents) {
    percentiles[absl::StrFormat("%g", percent)] = latencies.Percentile(percent);
  }
  return {{"count", latencies.count()}, {"percentiles_ns", std::move(percentiles)}};
}

// `open`: an open loop, which has two.
Json Latencies(const LatencyHistogram& from_send, const LatencyHistogram& from_due,
               bool open) {
  Json json = {{"from_send", ToJson(from_send)}};
  if (open) json["from_due"] = ToJson(from_due);
  return json;
}

Json Operations(const RunResult& result) {
  const Measurement& measured = *result.phase.measured;
  const bool open = result.phase.asked_rate.has_value();
  Json json = {{"all", Latencies(measured.AllFromSend(), measured.AllFromDue(), open)}};
  for (const OperationKind kind : kOperationKinds) {
    if (measured.count(kind) == 0) continue;
    json[std::string(ToString(kind))] =
        Latencies(measured.from_send(kind), measured.from_due(kind), open);
  }
  return json;
}

// null where they are not known.
Json Processors(const RunResult& result) {
  if (!result.phase.processors.has_value()) return nullptr;
  return {{"busy", result.phase.processors->busy}, {"own", result.phase.processors->own}};
}

// null in a closed loop, which has none.
Json ScheduleError(const MeasuredPhase& phase) {
  if (!phase.asked_rate.has_value()) return nullptr;
  Json json = ToJson(phase.measured->late());
  json["kept"] = KeptSchedule(phase);
  json["late_calls"] = phase.measured->late_calls();
  json["late_calls_all_callers_busy"] = phase.measured->late_for_callers();
  return json;
}

// Of one of the loops that show what the client costs; null where it was not measured.
Json ToJson(const std::optional<MeasuredPhase>& phase) {
  if (!phase.has_value()) return nullptr;
  const bool open = phase->asked_rate.has_value();
  return {{"seconds", phase->seconds},
          {"operations", phase->measured->count()},
          {"rate", phase->rate()},
          {"client_cpu_ns_an_operation", phase->cpu_nanoseconds()},
          {"latencies", Latencies(phase->measured->AllFromSend(),
                                  phase->measured->AllFromDue(), open)},
          {"schedule_error", ScheduleError(*phase)}};
}

// null where the run did not come to it.
Json ToJson(const std::optional<Overhead>& overhead) {
  if (!overhead.has_value()) return nullptr;
  return {{"generator_cpu_ns_an_operation", overhead->generator_nanoseconds},
          {"null_target", ToJson(overhead->null_target)},
          {"null_server", ToJson(overhead->null_server)},
          {"failure", std::string(overhead->failure.message())}};
}

Json ToJson(const RampStep& step) {
  return {{"rate", step.rate},  {"done", step.done}, {"p50_ns", step.p50},
          {"p99_ns", step.p99}, {"met", step.met},   {"reason", step.reason}};
}

Json ToJson(const RunSecond& second) {
  return {{"warm_up", second.warm_up},
          {"at_seconds", second.at},
          {"seconds", second.seconds},
          {"operations", second.operations},
          {"rate", second.rate()},
          {"p50_ns", second.p50},
          {"p99_ns", second.p99},
          {"p99.9_ns", second.p999},
          {"max_ns", second.max},
          {"wrong", second.wrong},
          {"asked_rate", second.asked_rate},
          {"after_end", second.after_end},
          {"unanswered", second.unanswered}};
}

// null where it is not known.
Json ToJson(const absl::StatusOr<ServerFacts>& server) {
  if (!server.ok()) return nullptr;
  Json json = {{"version", server->version}};
  for (const auto& [name, value] : server->settings) json[name] = value;
  return json;
}

const char* Phase(const RunSecond& second) {
  if (second.warm_up) return "warm_up";
  return second.after_end ? "after_end" : "measured";
}

}  // namespace

std::string ToJson(const RunResult& result, const Machine& machine) {
  Json seconds = Json::array();
  for (const RunSecond& second : result.seconds) seconds.push_back(ToJson(second));
  Json steps = Json::array();
  for (const RampStep& step : result.steps) steps.push_back(ToJson(step));
  Json asked_rate = nullptr;
  if (result.phase.asked_rate.has_value()) asked_rate = *result.phase.asked_rate;
  const Json json = {
      {"machine", ToJson(machine)},
      {"server", ToJson(result.server)},
      {"options", ToJson(result.options)},
      {"interrupted", result.interrupted},
      {"failure", std::string(result.failure.message())},
      {"measured_seconds", result.phase.seconds},
      {"measured_operations", result.phase.measured->count()},
      {"answered_after_end", result.phase.measured->after_end()},
      {"unanswered", ToJson(result.phase.measured->unanswered())},
      {"rate", result.phase.rate()},
      {"asked_rate", asked_rate},
      {"ramp", std::move(steps)},
      {"client_cpu_ns_an_operation", result.phase.cpu_nanoseconds()},
      {"overhead", ToJson(result.overhead)},
      {"processors", Processors(result)},
      {"wrong", result.wrong},
      {"first_wrong", result.first_wrong},
      {"conflicts", result.conflicts},
      {"unchecked", result.unchecked},
      {"schedule_error", ScheduleError(result.phase)},
      {"operations", Operations(result)},
      {"seconds", std::move(seconds)},
  };
  // What a server says need not be UTF-8.
  return json.dump(kIndent, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string ToCsv(const RunResult& result) {
  std::string csv =
      "phase,at_seconds,seconds,operations,operations_per_second,p50_ns,p99_ns,p99.9_ns,"
      "max_ns,wrong,unanswered,asked_rate\n";
  for (const RunSecond& second : result.seconds) {
    absl::StrAppendFormat(&csv, "%s,%.3f,%.3f,%d,%.1f,%d,%d,%d,%d,%d,%d,%g\n",
                          Phase(second), second.at, second.seconds, second.operations,
                          second.rate(), second.p50, second.p99, second.p999, second.max,
                          second.wrong, second.unanswered, second.asked_rate);
  }
  return csv;
}

}  // namespace rcukv::loadtest
