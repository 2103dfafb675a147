#include "bench/map/tables.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;

MeasureResult Result(const std::string& name, const Figures& ours, const Figures& peers) {
  MeasureResult result;
  result.measure = {.name = name, .arms = {{"rcukv", {}}, {"tbb", {}}}, .compared = {}};
  result.samples = {{ours}, {peers}};
  return result;
}

TEST(MapTables, WhatWasNotMeasuredIsNotShown) {
  EXPECT_EQ(RenderRows({}), "");
  EXPECT_EQ(RenderCpu({}), "");
  EXPECT_EQ(RenderMapMemory({}), "");
  EXPECT_EQ(RenderGrowth({}), "");
  EXPECT_EQ(RenderGrowth({Result("map.load.100000", {}, {})}), "");
  EXPECT_EQ(RenderRows({Result("map.growth.100000", {{"read_max_ns", 1}}, {})}), "");
}

TEST(RenderRows, HasALineForEachRowThatAnyTableHas) {
  const std::string table = RenderRows({Result(
      "map.load.100000", {{"get.uniform.1t.u0", 5e6}, {"multiget16.uniform.1t.u0", 12e6}},
      {{"get.uniform.1t.u0", 2e6}})});
  EXPECT_THAT(table, AllOf(HasSubstr("map.load.100000"),
                           ContainsRegex("get.uniform.1t.u0 +5.00M +2.00M"),
                           ContainsRegex("multiget16.uniform.1t.u0 +12.0M +-")));
}

TEST(RenderCpu, IsOfTheSameRows) {
  EXPECT_THAT(
      RenderCpu({Result("map.load.100000",
                        {{"get.uniform.1t.u0", 5e6}, {"get.uniform.1t.u0.cpu_ns", 42}},
                        {{"get.uniform.1t.u0", 2e6}})}),
      ContainsRegex("get.uniform.1t.u0 +42 +-"));
}

TEST(RenderMapMemory, SaysWhetherTheLargestTableKeepsToItsBytes) {
  const auto rendered = [](const std::string& name, double overhead) {
    return RenderMapMemory({Result(name, {{"overhead_bytes_per_entry", overhead}}, {})});
  };
  EXPECT_THAT(rendered("map.load.10000000", 40), HasSubstr("40.0 bytes over key and "
                                                           "value, of 40: met"));
  EXPECT_THAT(rendered("map.growth.10000000", 41), HasSubstr("MISSED"));
  EXPECT_THAT(rendered("map.load.1000000", 41), testing::Not(HasSubstr("MISSED")));
}

TEST(RenderGrowth, HasReadsBesideTheMachinesOwnGaps) {
  EXPECT_THAT(RenderGrowth({Result("map.growth.100000",
                                   {{"read_p50_ns", 120},
                                    {"read_p999_ns", 4000},
                                    {"read_max_ns", 2e6},
                                    {"longest_cpu_ns", 130e3},
                                    {"reader_sleeps", 5},
                                    {"gap_p999_ns", 60},
                                    {"gap_max_ns", 3e6},
                                    {"growth_seconds", 7.5}},
                                   {})}),
              ContainsRegex(
                  "rcukv +120 ns +4.00 us +2.00 ms +130 us +5 +60.0 ns +3.00 ms +7.5 s"));
}

TEST(RenderGrowth, ATableThatDidNotKeepUpSaysHowFarItCame) {
  EXPECT_THAT(RenderGrowth({Result(
                  "map.growth.100000",
                  {{"read_p50_ns", 120}, {"unfinished_growth_entries", 4.2e6}}, {})}),
              ContainsRegex("rcukv +120 ns .* only 4.20M"));
}

}  // namespace
}  // namespace rcukv::bench
