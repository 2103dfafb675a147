#include "bench/serve/tables.h"

#include "bench/serve/plan.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

MeasureResult ResultOf(const std::string& name, const Figures& figures) {
  MeasureResult result;
  result.measure = {
      .name = name, .arms = {{"rcukv/async", {}}, {"redis/loops1", {}}}, .compared = {}};
  result.samples = {{figures}, {}};
  return result;
}

TEST(RenderClosedLoops, ShowsRatesAndTheCpuTimeOfBothEnds) {
  const std::string table =
      RenderClosedLoops({ResultOf("serve.get", {{"keys_per_second", 123'456},
                                                {"server_cpu_us_per_key", 1.5},
                                                {"client_cpu_us_per_key", 2.25}})});
  EXPECT_THAT(table, AllOf(HasSubstr("serve.get\n"), HasSubstr("rcukv/async"),
                           HasSubstr("123k"), HasSubstr("1.50"), HasSubstr("2.25")));
  // What was not measured.
  EXPECT_THAT(table, HasSubstr("redis/loops1       -"));
}

TEST(RenderOpenLoops, ShowsLatencies) {
  const std::string table =
      RenderOpenLoops({ResultOf(kPacedMeasure, {{"keys_per_second", 5000},
                                                {"p50_us", 60},
                                                {"p99_us", 1234},
                                                {"p999_us", 5000},
                                                {"max_us", 9000},
                                                {"server_cpu_us_per_key", 7}})});
  EXPECT_THAT(table, AllOf(HasSubstr("5.00k"), HasSubstr("60.0 us"), HasSubstr("1.23 ms"),
                           HasSubstr("9.00 ms")));
}

TEST(Tables, AreEmptyWhereNothingOfTheirsWasMeasured) {
  EXPECT_EQ(RenderOpenLoops({ResultOf("serve.get", {})}), "");
  EXPECT_EQ(RenderClosedLoops({ResultOf(kPacedMeasure, {})}), "");
  EXPECT_THAT(RenderClosedLoops({ResultOf("serve.get", {})}), Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace rcukv::bench
