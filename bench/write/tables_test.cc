#include "bench/write/tables.h"

#include "bench/write/plan.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::AllOf;
using testing::HasSubstr;

MeasureResult ResultOf(const std::string& name, const Figures& figures) {
  MeasureResult result;
  result.measure = {.name = name, .arms = {{"ours", {}}}, .compared = {}};
  result.samples = {{figures}};
  return result;
}

std::vector<MeasureResult> Results() {
  return {ResultOf("write.puts.sync.16clients",
                   {{"keys_per_second", 12'345}, {"server_cpu_us_per_key", 1.5}}),
          ResultOf(kReadsMeasure, {{"puts_per_second", 6'789}, {"p99_us", 1234}}),
          ResultOf(kRecoveryMeasure, {{"entries_per_second", 2e6}, {"seconds", 4.25}})};
}

TEST(WriteTables, EachShowsItsMeasures) {
  EXPECT_THAT(RenderPuts(Results()), AllOf(HasSubstr("12.3k"), HasSubstr("1.50")));
  EXPECT_THAT(RenderReads(Results()), AllOf(HasSubstr("6.79k"), HasSubstr("1.23 ms")));
  EXPECT_THAT(RenderRecovery(Results()), AllOf(HasSubstr("2.00M"), HasSubstr("4.25")));
}

TEST(WriteTables, AreEmptyWhereNothingOfTheirsWasMeasured) {
  const std::vector<MeasureResult> results = Results();
  EXPECT_EQ(RenderPuts({results[1], results[2]}), "");
  EXPECT_EQ(RenderReads({results[0], results[2]}), "");
  EXPECT_EQ(RenderRecovery({results[0], results[1]}), "");
}

}  // namespace
}  // namespace rcukv::bench
