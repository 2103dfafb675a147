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
       .bands = {{.name = "warm-up", .from = 0, .to = 2}}}};
  EXPECT_EQ(nlohmann::json::parse(ToJson(charts)), nlohmann::json::parse(R"([{
      "id": "a",
      "x": {"kind": "time", "title": "time", "within": []},
      "y": {"kind": "latency", "title": "latency", "within": [1.0, 10.0]},
      "lines": [{"name": "p50", "look": "line", "points": [[1.0, 2.5], [2.0, null]]},
                {"name": "missed", "look": "crosses", "points": []}],
      "bands": [{"name": "warm-up", "from": 0.0, "to": 2.0}]}])"));
}

TEST(Chart, BytesThatAreNotUtf8AreReplaced) {
  const std::vector<Chart> charts = {{.id = "a", .lines = {{.name = "\xff"}}}};
  EXPECT_EQ(nlohmann::json::parse(ToJson(charts))[0]["lines"][0]["name"], "\xef\xbf\xbd");
}

TEST(Chart, NoChartsAreAnEmptyArray) { EXPECT_EQ(ToJson(std::vector<Chart>()), "[]"); }

}  // namespace
}  // namespace rcukv::loadtest
