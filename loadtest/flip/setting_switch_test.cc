#include "loadtest/flip/setting_switch.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/flip/fake_status_source.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr FlipSetting kBefore = {v1::NON_EXPEDITED, v1::SYNCHRONIZE};
constexpr FlipSetting kOther = {v1::ADAPTIVE, v1::CALL_RCU};

class SettingSwitchTest : public testing::Test {
 protected:
  SettingSwitchTest() {
    source_.status.set_membarrier_mode(kBefore.membarrier);
    source_.status.set_reclaim_mode(kBefore.reclaim);
  }

  FakeStatusSource source_;
};

TEST_F(SettingSwitchTest, WhatWasSetIsPutBackOnce) {
  SettingSwitch settings(source_);
  ASSERT_TRUE(settings.Begin().ok());
  ASSERT_TRUE(settings.Set(kOther).ok());
  EXPECT_TRUE(settings.Restore().ok());
  EXPECT_TRUE(settings.Restore().ok());
  EXPECT_THAT(source_.updates, ElementsAre(kOther, kBefore));
}

TEST_F(SettingSwitchTest, WhatWasSetIsPutBackByWhoeverLeavesEarly) {
  {
    SettingSwitch settings(source_);
    ASSERT_TRUE(settings.Begin().ok());
    ASSERT_TRUE(settings.Set(kOther).ok());
  }
  EXPECT_THAT(source_.updates, ElementsAre(kOther, kBefore));
}

TEST_F(SettingSwitchTest, WhereNothingWasSwitchedNothingIsPutBack) {
  {
    SettingSwitch settings(source_);
    ASSERT_TRUE(settings.Begin().ok());
  }
  EXPECT_THAT(source_.updates, IsEmpty());
}

TEST_F(SettingSwitchTest, ASwitchThatFailedIsPutBackAsWell) {
  SettingSwitch settings(source_);
  ASSERT_TRUE(settings.Begin().ok());
  // Nobody knows whether a call that timed out was carried out.
  source_.update_failure = absl::DeadlineExceededError("too late");
  const absl::Status status = settings.Set(kOther);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("switched to adaptive/call_rcu"), HasSubstr("too late")));
  source_.update_failure = absl::OkStatus();
  EXPECT_TRUE(settings.Restore().ok());
  EXPECT_THAT(source_.updates, ElementsAre(kBefore));
}

TEST_F(SettingSwitchTest, WhereItCannotBePutBackTheErrorSaysHowToByHand) {
  SettingSwitch settings(source_);
  ASSERT_TRUE(settings.Begin().ok());
  ASSERT_TRUE(settings.Set(kOther).ok());
  source_.failure = absl::UnavailableError("gone");
  EXPECT_THAT(std::string(settings.Restore().message()),
              AllOf(HasSubstr("back to non_expedited/synchronize: gone"),
                    HasSubstr("set-membarrier non_expedited"),
                    HasSubstr("set-reclaim synchronize")));
}

TEST_F(SettingSwitchTest, AFlavorWithoutModesIsRefusedWithWhatToDo) {
  source_.status.set_flavor(v1::QSBR);
  source_.status.clear_membarrier_mode();
  SettingSwitch settings(source_);
  const absl::Status status = settings.Begin().status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("flavor qsbr"), HasSubstr("--rcu_flavor=memb")));
}

}  // namespace
}  // namespace rcukv::loadtest
