#include "loadtest/compare/report_files.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_format.h"
#include "loadtest/base/machine_json.h"

namespace rcukv::loadtest {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kIndent = 1;

Json ToJson(const Sample& sample) {
  Json json;
  for (const FigureInfo& info : kFigures) {
    if (const std::optional<double> value = sample.*info.figure) json[info.name] = *value;
  }
  json["reads"] = sample.reads;
  json["wrong"] = sample.wrong;
  if (sample.wrong > 0) json["first_wrong"] = sample.first_wrong;
  return json;
}

Json ToJson(const CompareOptions& options) {
  return {{"seed", options.seed},
          {"entries", options.entries},
          {"value_bytes", options.value_bytes},
          {"seconds", options.seconds},
          {"rounds", options.rounds},
          {"layers", options.layers},
          {"readers", options.readers},
          {"writers", options.writers},
          {"batch", options.batch},
          {"distinct_keys", options.distinct_keys},
          {"writes_per_second", options.writes_per_second},
          {"connections", options.connections},
          {"in_flight", options.in_flight},
          {"keys", options.keys},
          {"write_rates", options.write_rates}};
}

Json StrategiesOf(const Comparison& comparison, const CaseResult& result) {
  Json strategies = Json::array();
  for (size_t i = 0; i < comparison.strategies.size(); ++i) {
    Json rounds = Json::array();
    for (const Sample& sample : result.samples[i]) rounds.push_back(ToJson(sample));
    strategies.push_back(
        {{"name", comparison.strategies[i].name}, {"rounds", std::move(rounds)}});
  }
  return strategies;
}

Json CasesOf(const Comparison& comparison) {
  Json cases = Json::array();
  for (const LayerResult& layer : comparison.layers) {
    for (const CaseResult& result : layer.cases) {
      cases.push_back({{"layer", layer.info.number},
                       {"name", result.info.name},
                       {"title", result.info.title},
                       {"strategies", StrategiesOf(comparison, result)}});
    }
  }
  return cases;
}

Json MissingOf(const Comparison& comparison) {
  Json missing = Json::array();
  for (const MissingStrategy& one : comparison.missing) {
    missing.push_back({{"name", one.name}, {"reason", one.reason}});
  }
  return missing;
}

std::string CsvLine(const Sample& sample) {
  std::string line;
  for (const FigureInfo& info : kFigures) {
    line += ",";
    if (const std::optional<double> value = sample.*info.figure) {
      absl::StrAppendFormat(&line, "%.9g", *value);
    }
  }
  absl::StrAppendFormat(&line, ",%d,%d\n", sample.reads, sample.wrong);
  return line;
}

}  // namespace

std::string ToJson(const Comparison& comparison, const Machine& machine) {
  const Json json = {{"machine", ToJson(machine)},
                     {"options", ToJson(comparison.options)},
                     {"interrupted", comparison.interrupted},
                     {"failure", std::string(comparison.failure.message())},
                     {"missing", MissingOf(comparison)},
                     {"cases", CasesOf(comparison)}};
  // What a server said last may be in it, whatever that was.
  return json.dump(kIndent, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string ToCsv(const Comparison& comparison) {
  std::string csv = "round,layer,case,strategy";
  for (const FigureInfo& info : kFigures) absl::StrAppendFormat(&csv, ",%s", info.name);
  csv += ",reads,wrong\n";
  for (const LayerResult& layer : comparison.layers) {
    for (const CaseResult& result : layer.cases) {
      for (size_t i = 0; i < result.samples.size(); ++i) {
        for (size_t round = 0; round < result.samples[i].size(); ++round) {
          absl::StrAppendFormat(&csv, "%d,%d,%s,%s", round + 1, layer.info.number,
                                result.info.name, comparison.strategies[i].name);
          csv += CsvLine(result.samples[i][round]);
        }
      }
    }
  }
  return csv;
}

}  // namespace rcukv::loadtest
