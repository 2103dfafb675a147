#include "bench/figures.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::HasSubstr;

TEST(Figures, WhatIsWrittenIsReadBackAsItWas) {
  const Figures figures = {
      {"reads_per_second", 712345678.123456}, {"tiny", 1e-9}, {"zero", 0}};
  const absl::StatusOr<Figures> parsed = ParseFigures(FormatFigures(figures));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(*parsed, figures);
}

TEST(Figures, NothingIsNoFigures) {
  const absl::StatusOr<Figures> parsed = ParseFigures("");
  ASSERT_TRUE(parsed.ok());
  EXPECT_TRUE(parsed->empty());
}

TEST(Figures, ALineThatIsNotANameAndANumberIsQuoted) {
  for (const char* line : {"reads", "reads many", "reads 1 2", "reads nan", "", "1"}) {
    const absl::StatusOr<Figures> parsed =
        ParseFigures(std::string("good 1\n") + line + "\n");
    EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument) << line;
    EXPECT_THAT(std::string(parsed.status().message()),
                HasSubstr(std::string("\"") + line + "\""));
  }
}

}  // namespace
}  // namespace rcukv::bench
