#include "loadtest/flip/flip_setting.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(FlipSetting, EveryModeIsThereWithBothWaysOfReclaiming) {
  EXPECT_EQ(NamesOf(AllFlipSettings()),
            "expedited/call_rcu,non_expedited/call_rcu,global_expedited/call_rcu,"
            "adaptive/call_rcu,expedited/synchronize,non_expedited/synchronize,"
            "global_expedited/synchronize,adaptive/synchronize");
  EXPECT_EQ(AllFlipSettings(), *ParseFlipSettings("all"));
  EXPECT_EQ(DefaultFlipSettings().size(), 7u);
}

TEST(FlipSetting, NamesAreReadAsTheyAreWritten) {
  const auto all = ParseFlipSettings(NamesOf(AllFlipSettings()));
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ(*all, AllFlipSettings());
}

TEST(FlipSetting, AModeAloneIsThatWithCallRcuAndAHyphenIsAnUnderscore) {
  const auto settings = ParseFlipSettings("non-expedited,adaptive/synchronize");
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_THAT(*settings, ElementsAre(FlipSetting{v1::NON_EXPEDITED, v1::CALL_RCU},
                                     FlipSetting{v1::ADAPTIVE, v1::SYNCHRONIZE}));
}

TEST(FlipSetting, MistakesSayWhatThereIs) {
  const auto message = [](const char* names) {
    return std::string(ParseFlipSettings(names).status().message());
  };
  EXPECT_THAT(message("fast,adaptive"),
              HasSubstr("no setting \"fast\"; there are expedited/call_rcu,"));
  EXPECT_THAT(message(""), HasSubstr("no setting \"\""));
  EXPECT_THAT(message("adaptive,adaptive/call_rcu"),
              HasSubstr("adaptive/call_rcu is there twice"));
  EXPECT_THAT(message("adaptive"), HasSubstr("must be two settings or more"));
}

TEST(FlipSetting, ARequestAsksForBothAndAStatusTellsBoth) {
  const FlipSetting setting = {v1::ADAPTIVE, v1::SYNCHRONIZE};
  const v1::UpdateReclamationRequest request = RequestFor(setting);
  v1::GetStatusResponse status;
  status.set_membarrier_mode(request.membarrier_mode());
  status.set_reclaim_mode(request.reclaim_mode());
  EXPECT_EQ(SettingOf(status), setting);
}

}  // namespace
}  // namespace rcukv::loadtest
