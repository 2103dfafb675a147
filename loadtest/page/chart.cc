#include "loadtest/page/chart.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

namespace rcukv::loadtest {
namespace {

using Json = nlohmann::ordered_json;

const char* ToString(Axis::Kind kind) {
  switch (kind) {
    case Axis::kTime:
      return "time";
    case Axis::kRate:
      return "rate";
    case Axis::kWideRate:
      return "wideRate";
    case Axis::kLatency:
      return "latency";
    case Axis::kNines:
      return "nines";
    case Axis::kTimes:
      return "times";
    case Axis::kPercent:
      return "percent";
    case Axis::kNames:
      return "names";
  }
  return "?";
}

const char* ToString(Line::Look look) {
  switch (look) {
    case Line::kLine:
      return "line";
    case Line::kDiamonds:
      return "diamonds";
    case Line::kCrosses:
      return "crosses";
  }
  return "?";
}

Json ToJson(const Axis& axis) {
  return {{"kind", ToString(axis.kind)},
          {"title", axis.title},
          {"within", axis.within},
          {"names", axis.names}};
}

// [x, y], or with its interval [x, y, low, high].
Json ToJson(const Point& point) {
  Json numbers = Json::array({point.x, point.y});
  if (!std::isfinite(point.y)) numbers[1] = nullptr;
  if (point.interval.has_value()) {
    numbers.push_back(point.interval->low);
    numbers.push_back(point.interval->high);
  }
  return numbers;
}

Json ToJson(const Line& line) {
  Json points = Json::array();
  for (const Point& point : line.points) points.push_back(ToJson(point));
  return {
      {"name", line.name}, {"look", ToString(line.look)}, {"points", std::move(points)}};
}

Json ToJson(const Band& band) {
  return {{"name", band.name}, {"from", band.from}, {"to", band.to}};
}

Json ToJson(const Chart& chart) {
  Json lines = Json::array();
  for (const Line& line : chart.lines) lines.push_back(ToJson(line));
  Json bands = Json::array();
  for (const Band& band : chart.bands) bands.push_back(ToJson(band));
  return {{"id", chart.id},
          {"x", ToJson(chart.x)},
          {"y", ToJson(chart.y)},
          {"lines", std::move(lines)},
          {"bands", std::move(bands)},
          {"stacked", chart.stacked}};
}

}  // namespace

bool HasPoints(const Chart& chart) {
  return std::any_of(chart.lines.begin(), chart.lines.end(), [](const Line& line) {
    return std::any_of(line.points.begin(), line.points.end(),
                       [](const Point& point) { return std::isfinite(point.y); });
  });
}

std::string ToJson(const std::vector<Chart>& charts) {
  Json array = Json::array();
  for (const Chart& chart : charts) array.push_back(ToJson(chart));
  return array.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace rcukv::loadtest
