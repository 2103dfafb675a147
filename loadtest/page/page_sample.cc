// Writes a page with one chart of each kind, whose every string tries to break out of it.
// For page_check_test.py, which sees whether one does.
#include <cstdio>
#include <string>
#include <vector>

#include "loadtest/page/page.h"

namespace rcukv::loadtest {
namespace {

// A browser that runs any of it has window.injected, or an error.
std::string Hostile(const std::string& name) {
  return name + " </script><script>window.injected = 1</script><!--<script>" +
         " <img src=x onerror='window.injected = 1'> \" onfocus=\"window.injected = 1\"" +
         " &lt;b&gt; \\u003c ]]> \xe2\x80\xa8 \xff";
}

Chart SampleChart(const std::string& id, Axis::Kind x, Axis::Kind y,
                  const std::vector<Line>& lines) {
  return {.id = id,
          .title = Hostile("title"),
          .text = Hostile("text"),
          .x = {.kind = x, .title = Hostile("x")},
          .y = {.kind = y, .title = Hostile("y"), .within = {1}},
          .lines = lines,
          .bands = {{.name = Hostile("band"), .from = 1, .to = 2}},
          .table = {.columns = {Hostile("a"), "b"}, .rows = {{Hostile("c"), "1"}}}};
}

std::vector<Line> SampleLines() {
  return {{.name = Hostile("line"), .points = {{1, 10}, {3, 20}, {8, 5}}},
          {.name = "diamonds", .points = {{2, 4}, {9, 9}}, .look = Line::kDiamonds},
          {.name = "crosses", .points = {{4, 30}}, .look = Line::kCrosses}};
}

Page Sample() {
  return {.title = Hostile("page"),
          .verdicts = {{Verdict::kFailure, Hostile("failure")}},
          .command = Hostile("command"),
          .facts = {{Hostile("fact"), Hostile("text")}},
          .tables = {{.caption = Hostile("caption"),
                      .columns = {"", Hostile("column")},
                      .rows = {{"row", Hostile("cell")}}}},
          .charts = {SampleChart("rates", Axis::kTime, Axis::kRate, SampleLines()),
                     SampleChart("curve", Axis::kNines, Axis::kLatency, SampleLines()),
                     SampleChart("ramp", Axis::kRate, Axis::kLatency, SampleLines())}};
}

}  // namespace
}  // namespace rcukv::loadtest

int main() {
  const std::string html = rcukv::loadtest::RenderPage(rcukv::loadtest::Sample());
  return std::fwrite(html.data(), 1, html.size(), stdout) == html.size() ? 0 : 1;
}
