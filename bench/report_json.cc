#include "bench/report_json.h"

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

#include "bench/report.h"
#include "bench/statistics.h"

namespace rcukv::bench {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kIndent = 1;

Json ToJson(const loadtest::Machine& machine) {
  return {{"cpu", machine.cpu},
          {"cores", machine.cores},
          {"kernel", machine.kernel},
          {"compiler", machine.compiler}};
}

Json ToJson(const Summary& summary) {
  return {{"median", summary.median},
          {"min", summary.min},
          {"max", summary.max},
          {"rounds", summary.count}};
}

Json ToJson(const Ratio& ratio) {
  Json json = {{"name", ratio.name},         {"arm", ratio.arm},
               {"vs", ratio.peer},           {"ratio", ToJson(ratio.ratio)},
               {"ours", ToJson(ratio.ours)}, {"theirs", ToJson(ratio.peers)}};
  if (ratio.target.has_value()) {
    json["target"] = *ratio.target;
    json["met"] = !ratio.Missed();
  }
  return json;
}

Json ToJson(const MeasureResult& result) {
  Json arms = Json::array();
  for (size_t i = 0; i < result.measure.arms.size(); ++i) {
    const Arm& arm = result.measure.arms[i];
    arms.push_back(
        {{"label", arm.label}, {"command", arm.command}, {"samples", result.samples[i]}});
  }
  Json json = {{"name", result.measure.name}, {"arms", std::move(arms)}};
  if (!result.status.ok()) json["incomplete"] = std::string(result.status.message());
  return json;
}

}  // namespace

double LoadAverage() {
  double average = 0;
  return getloadavg(&average, 1) == 1 ? average : -1;
}

std::string ToJson(const Context& context, const std::vector<MeasureResult>& results) {
  Json ratios = Json::array();
  for (const Ratio& ratio : RatiosOf(results)) ratios.push_back(ToJson(ratio));
  Json measures = Json::array();
  for (const MeasureResult& result : results) measures.push_back(ToJson(result));
  const Json json = {{"benchmark", context.benchmark},
                     {"machine", ToJson(context.machine)},
                     {"load_average_before", context.load_before},
                     {"load_average_after", context.load_after},
                     {"options", context.options},
                     {"interrupted", context.interrupted},
                     {"ratio", "of the ratios of the single rounds, ours over theirs"},
                     {"ratios", std::move(ratios)},
                     {"measures", std::move(measures)}};
  return json.dump(kIndent) + "\n";
}

}  // namespace rcukv::bench
