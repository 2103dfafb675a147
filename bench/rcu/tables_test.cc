#include "bench/rcu/tables.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::ContainsRegex;
using testing::Not;

MeasureResult Result(const std::string& name, std::vector<Samples> samples) {
  MeasureResult result;
  result.measure.name = name;
  result.samples = std::move(samples);
  return result;
}

TEST(PatchTable, HasOursLiburcusAndThePatchs) {
  const Figures ours = {{"reads_per_second", 2e9}, {"writes_per_second", 300e3}};
  const Figures theirs = {{"reads_per_second", 1e9}, {"writes_per_second", 100e3}};
  const std::string table =
      RenderPatchTable({Result("rcu.table.expedited", {{ours}, {theirs}})});
  EXPECT_THAT(table, ContainsRegex("expedited +2.00G +1.00G +664M +300k +100k +85.2k"));
  EXPECT_THAT(table, Not(ContainsRegex("\nmb ")));
}

TEST(PatchTable, WhatASideDidNotMeasureIsADash) {
  const Figures ours = {{"reads_per_second", 2e9}, {"writes_per_second", 300}};
  EXPECT_THAT(RenderPatchTable({Result("rcu.table.non_expedited", {{ours}, {}})}),
              ContainsRegex("non_expedited +2.00G +- +799M +300 +- +22"));
}

TEST(MemoryTable, HasThePeaksOfBoth) {
  constexpr double kMiB = 1 << 20;
  const Figures ours = {{"peak_rss_bytes", 80 * kMiB},
                        {"peak_over_start_bytes", 70 * kMiB}};
  const Figures theirs = {{"peak_rss_bytes", 500 * kMiB},
                          {"peak_over_start_bytes", 490 * kMiB}};
  EXPECT_THAT(RenderMemory({Result("rcu.retire_free.memb", {{ours}, {theirs}})}),
              ContainsRegex("rcu.retire_free.memb +80 +500 +70 +490"));
}

TEST(MembarrierTable, HasARowForEachCommandAndAColumnForEachLoad) {
  const Figures idle = {{"median_us", 0.3}, {"mean_us", 0.4}};
  const Figures busy = {{"median_us", 1.6}, {"mean_us", 1.75}};
  EXPECT_THAT(
      RenderMembarrier({Result("rcu.membarrier.private_expedited.0busy", {{idle}}),
                        Result("rcu.membarrier.private_expedited.1busy", {{busy}})}),
      ContainsRegex("private_expedited +0.30 / 0.40 +1.60 / 1.75 +-"));
}

TEST(Tables, OfNothingAreEmpty) {
  EXPECT_EQ(RenderPatchTable({}), "");
  EXPECT_EQ(RenderMemory({}), "");
  EXPECT_EQ(RenderMembarrier({}), "");
}

}  // namespace
}  // namespace rcukv::bench
