#include "loadtest/compare/progress.h"

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

TEST(TimeLeft, IsInProportionToWhatIsDone) {
  EXPECT_EQ(TimeLeft(absl::Seconds(10), 1, 4), "30 s left");
  EXPECT_EQ(TimeLeft(absl::Seconds(100), 100, 360), "4 min 20 s left");
  EXPECT_EQ(TimeLeft(absl::Seconds(10), 4, 4), "0 s left");
}

TEST(TimeLeft, IsNotKnownBeforeAnythingIsDone) {
  EXPECT_EQ(TimeLeft(absl::Seconds(10), 0, 4), "");
}

}  // namespace
}  // namespace rcukv::loadtest
