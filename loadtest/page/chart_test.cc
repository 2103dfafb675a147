#include "loadtest/page/chart.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

TEST(Chart, EverythingThatIsDrawnIsInTheJson) {
  const std::vector<Chart> charts = {
      {.id = "a",
       .title = "A",
       .text = "shows a",
       .x = {.kind = Axis::kTime, .title = "time"},
       .y = {.kind = Axis::kLatency, .title = "latency", .within = {1, 10}},
       .lines = {{.name = "p50", .points = {{1, 2.5}, {2, std::nan("")}}},
                 {.name = "missed", .points = {}, .look = Line::kCrosses}},
       .bands = {{.name = "warm-up", .from = 0, .to = 2}}},
      {.id = "b",
       .x = {.kind = Axis::kTimes, .title = "speed-up"},
       .y = {.kind = Axis::kNames, .names = {"mb", "memb"}},
       .lines = {{.name = "map", .points = {{2.5, 1, Interval{.low = 2, .high = 3}}}}},
       .stacked = true}};
  EXPECT_EQ(nlohmann::json::parse(ToJson(charts)), nlohmann::json::parse(R"([{
      "id": "a",
      "x": {"kind": "time", "title": "time", "within": [], "names": []},
      "y": {"kind": "latency", "title": "latency", "within": [1.0, 10.0], "names": []},
      "lines": [{"name": "p50", "look": "line", "points": [[1.0, 2.5], [2.0, null]]},
                {"name": "missed", "look": "crosses", "points": []}],
      "bands": [{"name": "warm-up", "from": 0.0, "to": 2.0}],
      "stacked": false
    }, {
      "id": "b",
      "x": {"kind": "times", "title": "speed-up", "within": [], "names": []},
      "y": {"kind": "names", "title": "", "within": [], "names": ["mb", "memb"]},
      "lines": [{"name": "map", "look": "line", "points": [[2.5, 1.0, 2.0, 3.0]]}],
      "bands": [],
      "stacked": true}])"));
}

TEST(Chart, BytesThatAreNotUtf8AreReplaced) {
  const std::vector<Chart> charts = {{.id = "a", .lines = {{.name = "\xff"}}}};
  EXPECT_EQ(nlohmann::json::parse(ToJson(charts))[0]["lines"][0]["name"], "\xef\xbf\xbd");
}

TEST(Chart, ALineOfGapsHasNoPoints) {
  EXPECT_FALSE(HasPoints({.id = "a"}));
  EXPECT_FALSE(HasPoints({.id = "a", .lines = {{"p50", {{1, std::nan("")}}}}}));
  EXPECT_TRUE(HasPoints({.id = "a", .lines = {{"p50", {}}, {"p99", {{1, 2}}}}}));
}

TEST(Chart, NoChartsAreAnEmptyArray) { EXPECT_EQ(ToJson(std::vector<Chart>()), "[]"); }

}  // namespace
}  // namespace rcukv::loadtest
