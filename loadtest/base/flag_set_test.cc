#include "loadtest/base/flag_set.h"

#include <cstdint>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

using testing::HasSubstr;

class FlagSetTest : public testing::Test {
 protected:
  FlagSetTest() {
    flags_.Add("rounds", "how often", &rounds_, 1, 10);
    flags_.Add("seconds", "how long", &seconds_, 0.1, 60);
    flags_.Add("json", "where to", &json_);
    flags_.Add("quick", "be quick", &quick_);
  }

  std::string Error(const std::vector<std::string>& arguments) {
    const absl::Status status = flags_.Parse(arguments);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    return std::string(status.message());
  }

  int64_t rounds_ = 5;
  double seconds_ = 3;
  std::string json_;
  bool quick_ = false;
  FlagSet flags_;
};

TEST_F(FlagSetTest, WithoutArgumentsTheDefaultsStay) {
  EXPECT_TRUE(flags_.Parse({}).ok());
  EXPECT_EQ(rounds_, 5);
  EXPECT_EQ(seconds_, 3);
  EXPECT_FALSE(quick_);
}

TEST_F(FlagSetTest, TakesEveryKindOfValue) {
  EXPECT_TRUE(flags_.Parse({"--rounds=7", "--seconds=.5", "--json=a=b", "--quick"}).ok());
  EXPECT_EQ(rounds_, 7);
  EXPECT_EQ(seconds_, 0.5);
  EXPECT_EQ(json_, "a=b");
  EXPECT_TRUE(quick_);
  EXPECT_TRUE(flags_.Parse({"--quick=false"}).ok());
  EXPECT_FALSE(quick_);
}

TEST_F(FlagSetTest, NamesTheLimitThatAValueBreaks) {
  EXPECT_EQ(Error({"--rounds=11"}), "--rounds=11: must be a whole number from 1 to 10");
  EXPECT_EQ(Error({"--seconds=0"}), "--seconds=0: must be a number from 0.1 to 60");
  EXPECT_EQ(rounds_, 5);
  EXPECT_EQ(seconds_, 3);
}

TEST_F(FlagSetTest, RefusesWhatIsNoNumber) {
  for (const char* text : {"", "x", "7x", "1.5", "99999999999999999999"}) {
    EXPECT_THAT(Error({std::string("--rounds=") + text}), HasSubstr("whole number"));
  }
  EXPECT_THAT(Error({"--seconds=nan"}), HasSubstr("must be a number"));
  EXPECT_THAT(Error({"--quick=perhaps"}), HasSubstr("must be true or false"));
}

TEST_F(FlagSetTest, RefusesUnknownFlagsMissingValuesAndOtherArguments) {
  EXPECT_THAT(Error({"--round=7"}), HasSubstr("there is no flag --round; there are --"));
  EXPECT_THAT(Error({"--rounds"}), HasSubstr("--rounds needs a value"));
  EXPECT_THAT(Error({"rounds"}), HasSubstr("\"rounds\" is not a flag"));
  EXPECT_THAT(Error({"--"}), HasSubstr("there is no flag --;"));
}

TEST_F(FlagSetTest, TheHelpShowsTheDefaults) {
  EXPECT_THAT(flags_.Help(), HasSubstr("--rounds=5\n      how often\n"));
  EXPECT_THAT(flags_.Help(), HasSubstr("--quick=false\n"));
}

}  // namespace
}  // namespace rcukv::loadtest
