#include "loadtest/primitive.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

using testing::HasSubstr;

TEST(ParsePrimitiveOptions, NamesWhatIsWrong) {
  const auto options = ParsePrimitiveOptions({"--readers=0"});
  EXPECT_EQ(options.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(options.status().message()),
              HasSubstr("--readers=0: must be a whole number from 1 to 1000"));
}

TEST(RunPrimitive, EveryStrategyReadsAndWrites) {
  const PrimitiveOptions options = {
      .readers = 2, .writers = 1, .seconds = 0.1, .rounds = 1};
  const auto results = RunPrimitive(options);
  ASSERT_TRUE(results.ok()) << results.status();
  ASSERT_EQ(results->size(), 4u);
  for (const PrimitiveResult& result : *results) {
    EXPECT_GT(result.reads_per_second, 0) << result.strategy;
  }
  EXPECT_GT(results->front().writes_per_second, 0);
  EXPECT_THAT(RenderPrimitive(options, *results), HasSubstr("memb-non-expedited"));
}

}  // namespace
}  // namespace rcukv::loadtest
