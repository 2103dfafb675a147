#include "bench/figure_table.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/text_table.h"

namespace rcukv::bench {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

MeasureResult ResultOf(const std::string& name, const Samples& samples) {
  MeasureResult result;
  result.measure = {.name = name, .arms = {{"ours", {}}, {"theirs", {}}}, .compared = {}};
  result.samples = {samples, {}};
  return result;
}

std::string Render(const std::vector<MeasureResult>& results) {
  return RenderFigures("loads",
                       {{"puts/s", "puts", loadtest::ShortNumber},
                        {"most", "puts", loadtest::ShortNumber, &Summary::max},
                        {"p99", "p99_us", DurationOfUs},
                        {"us", "us", TwoDecimals}},
                       results, [](const MeasureResult& result) {
                         return result.measure.name.starts_with("write");
                       });
}

TEST(RenderFigures, ShowsARowAnArmUnderTheMeasuresName) {
  const std::string table =
      Render({ResultOf("write.puts", {{{"puts", 1000}, {"p99_us", 1234}, {"us", 1.239}},
                                      {{"puts", 3000}, {"p99_us", 1234}, {"us", 1.239}},
                                      {{"puts", 2000}, {"p99_us", 1234}, {"us", 1.239}}}),
              ResultOf("read.gets", {{{"puts", 7000}}})});
  EXPECT_THAT(table, AllOf(HasSubstr("loads"), HasSubstr("write.puts\n"),
                           HasSubstr("2.00k"), HasSubstr("3.00k"), HasSubstr("1.23 ms"),
                           HasSubstr("1.24"), Not(HasSubstr("read"))));
}

TEST(RenderFigures, WhatWasNotMeasuredIsADash) {
  EXPECT_THAT(
      Render({ResultOf("write.puts", {{{"puts", 1000}}})}),
      AllOf(testing::ContainsRegex("theirs +- +- +- +-\n"), Not(HasSubstr("nan"))));
}

TEST(RenderFigures, IsEmptyWhereNoMeasureIsWanted) {
  EXPECT_EQ(Render({}), "");
  EXPECT_EQ(Render({ResultOf("read.gets", {{{"puts", 1000}}})}), "");
}

}  // namespace
}  // namespace rcukv::bench
