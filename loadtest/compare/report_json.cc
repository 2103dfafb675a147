#include "loadtest/compare/report_json.h"

#include <nlohmann/json.hpp>

#include "loadtest/base/machine_json.h"

namespace rcukv::loadtest {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kIndent = 1;

Json ToJson(const LookupSample& sample) {
  return {{"reads_per_second", sample.reads_per_second},
          {"cpu_ns_per_read", sample.ns_per_read},
          {"writes_per_second", sample.writes_per_second}};
}

Json LookupsToJson(const Sample& sample) {
  Json json;
  for (size_t way = 0; way < kSections.size(); ++way) {
    json[kSections[way].name] = ToJson(sample.lookups[way]);
  }
  return json;
}

Json ToJson(const Sample& sample) {
  return {{"grpc",
           {{"reads_per_second", sample.grpc.reads_per_second},
            {"closed_loop_latency_p50_ns", sample.grpc.latency_p50_ns},
            {"closed_loop_latency_p99_ns", sample.grpc.latency_p99_ns},
            {"server_cpu_ns_per_read", sample.grpc.server_cpu_ns_per_read},
            {"writes_per_second", sample.grpc.writes_per_second}}},
          {"lookups", LookupsToJson(sample)},
          {"grace_periods",
           {{"completed", sample.grace_periods.completed},
            {"p50_ns", sample.grace_periods.p50_ns},
            {"max_ns", sample.grace_periods.max_ns},
            {"expedited_per_second", sample.grace_periods.expedited_per_second}}},
          {"reads", sample.reads},
          {"wrong", sample.wrong}};
}

Json ToJson(const CompareOptions& options) {
  return {{"seed", options.seed},
          {"entries", options.entries},
          {"value_bytes", options.value_bytes},
          {"seconds", options.seconds},
          {"rounds", options.rounds},
          {"connections", options.connections},
          {"in_flight", options.in_flight},
          {"batch", options.batch},
          {"distinct_keys", options.distinct_keys},
          {"writes_per_second", options.writes_per_second}};
}

Json ToJson(const ArmResult& arm) {
  Json rounds = Json::array();
  for (const Sample& sample : arm.samples) rounds.push_back(ToJson(sample));
  return {{"name", arm.strategy.name},
          {"server_flags", arm.strategy.flags},
          {"rounds", std::move(rounds)}};
}

}  // namespace

std::string ToJson(const Comparison& comparison, const Machine& machine) {
  Json strategies = Json::array();
  for (const ArmResult& arm : comparison.arms) strategies.push_back(ToJson(arm));
  const Json json = {{"machine", ToJson(machine)},
                     {"options", ToJson(comparison.options)},
                     {"interrupted", comparison.interrupted},
                     {"strategies", std::move(strategies)}};
  return json.dump(kIndent) + "\n";
}

}  // namespace rcukv::loadtest
