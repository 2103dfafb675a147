#include "clients/cli/progress.h"

#include <gtest/gtest.h>

namespace rcukv::cli {
namespace {

TEST(ProgressTest, ABarShowsHowMuchOfAKnownInputWasRead) {
  EXPECT_EQ(ProgressText({.entries = 12'000,
                          .bytes_read = 50,
                          .bytes_total = 100,
                          .elapsed = absl::Seconds(2)}),
            "[###############...............]  50%  12,000 entries  6,000/s");
}

TEST(ProgressTest, AnInputThatGrewMeanwhileIsFull) {
  EXPECT_EQ(ProgressText({.entries = 1,
                          .bytes_read = 150,
                          .bytes_total = 100,
                          .elapsed = absl::Seconds(1)}),
            "[##############################] 100%  1 entry  1/s");
}

TEST(ProgressTest, WithoutAKnownSizeThereIsNoBar) {
  EXPECT_EQ(
      ProgressText({.entries = 5, .bytes_read = 150, .bytes_total = {}, .elapsed = {}}),
      "5 entries");
  EXPECT_EQ(
      ProgressText({.entries = 0, .bytes_read = 0, .bytes_total = 0, .elapsed = {}}),
      "0 entries");
}

}  // namespace
}  // namespace rcukv::cli
