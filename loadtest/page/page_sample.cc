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

// Both sides of where bars begin, with and without intervals.
Chart SampleBars() {
  Chart bars = SampleChart(
      "bars", Axis::kTimes, Axis::kNames,
      {{.name = Hostile("faster"), .points = {{1, 0}, {6.5, 1, Interval{4, 14}}}},
       {.name = "slower",
        .points = {{0.4, 0, Interval{0.3, 0.45}}, {1.3, 1, Interval{0.7, 1.6}}}}});
  bars.bands.clear();
  bars.y.names = {Hostile("mb"), "a name that is long enough to need more than one line"};
  return bars;
}

// Whose first part is too small to be seen in its true size.
Chart SampleStack() {
  Chart stack = SampleChart("stack", Axis::kPercent, Axis::kNames,
                            {{.name = "barrier", .points = {{0.04, 0}, {2, 1}}},
                             {.name = "kernel", .points = {{59.96, 0}, {48, 1}}},
                             {.name = "the rest", .points = {{40, 0}, {50, 1}}}});
  stack.bands.clear();
  stack.y.names = {"1 key", "100 keys"};
  stack.stacked = true;
  return stack;
}

Page Sample() {
  return {
      .title = Hostile("page"),
      .verdicts = {{Verdict::kFailure, Hostile("failure")}},
      .command = Hostile("command"),
      .facts = {{Hostile("fact"), Hostile("text")}},
      .sections = {
          {.title = Hostile("section"),
           .text = Hostile("section's text"),
           .tables = {{.caption = Hostile("caption"),
                       .columns = {"", Hostile("column")},
                       .rows = {{Hostile("heading")}, {"row", Hostile("cell")}}}},
           .charts = {SampleChart("rates", Axis::kTime, Axis::kRate, SampleLines()),
                      SampleChart("curve", Axis::kNines, Axis::kLatency, SampleLines()),
                      SampleChart("ramp", Axis::kRate, Axis::kLatency, SampleLines()),
                      SampleChart("wide", Axis::kWideRate, Axis::kLatency, SampleLines()),
                      SampleBars(), SampleStack()}}}};
}

}  // namespace
}  // namespace rcukv::loadtest

int main() {
  const std::string html = rcukv::loadtest::RenderPage(rcukv::loadtest::Sample());
  return std::fwrite(html.data(), 1, html.size(), stdout) == html.size() ? 0 : 1;
}
