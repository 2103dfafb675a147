// The phases, with a server that only says what it is told to.
#include "loadtest/flip/flip_timeline.h"

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/flip/fake_status_source.h"
#include "loadtest/flip/flip_order.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class FlipTimelineTest : public testing::Test {
 protected:
  FlipTimelineTest() {
    result_.options.settings = {{v1::EXPEDITED, v1::CALL_RCU},
                                {v1::NON_EXPEDITED, v1::CALL_RCU},
                                {v1::ADAPTIVE, v1::SYNCHRONIZE}};
    result_.options.rounds = 2;
    result_.options.duration = absl::Milliseconds(40);
    result_.options.interval = absl::Milliseconds(10);
    // Each look finds one more of everything.
    source_.before_status = [this] {
      ++looks_;
      v1::GracePeriods& grace_periods = *source_.status.mutable_grace_periods();
      grace_periods.set_completed(looks_);
      source_.status.mutable_backlog()->set_bytes(looks_);
      reads_.Record(0, OperationKind::kGet, {.from_send = 1000, .from_due = 1000});
      writes_.Record(0, OperationKind::kPut, {.from_send = 2000, .from_due = 2000});
    };
  }

  absl::Status Run() {
    EXPECT_TRUE(settings_.Begin().ok());
    FlipTimeline timeline({.source = source_,
                           .settings = settings_,
                           .reads = reads_,
                           .writes = writes_,
                           .tally = tally_,
                           .interrupts = [this] { return interrupts_; },
                           .ended = [this](const FlipPhase&) { ++ended_; }});
    return timeline.Run(result_);
  }

  FakeStatusSource source_;
  SettingSwitch settings_{source_};
  Recorder reads_;
  Recorder writes_;
  Tally tally_;
  std::optional<uint64_t> interrupts_ = 5;
  FlipResult result_;
  uint64_t looks_ = 0;
  int ended_ = 0;
};

TEST_F(FlipTimelineTest, EachSettingIsInForceWhenItsPhaseSaysSo) {
  ASSERT_TRUE(Run().ok());
  const std::vector<size_t> order = FlipOrder(3, 2, 1);
  ASSERT_EQ(result_.phases.size(), order.size());
  ASSERT_EQ(source_.updates.size(), order.size());
  EXPECT_EQ(ended_, 6);
  for (size_t i = 0; i < order.size(); ++i) {
    EXPECT_EQ(result_.phases[i].setting, order[i]);
    EXPECT_EQ(result_.phases[i].round, i / 3);
    EXPECT_EQ(source_.updates[i], result_.options.settings[order[i]]);
  }
  for (const FlipSample& sample : result_.samples) {
    const FlipPhase& phase = result_.phases[sample.phase];
    EXPECT_EQ(sample.reported, result_.options.settings[phase.setting]);
  }
}

TEST_F(FlipTimelineTest, SamplesFollowUponOneAnotherAndNothingIsLostBetweenThem) {
  ASSERT_TRUE(Run().ok());
  double at = 0;
  uint64_t grace_periods = 0, reads = 0, writes = 0;
  for (const FlipSample& sample : result_.samples) {
    EXPECT_NEAR(sample.at - sample.figures.seconds, at, 1e-6);
    at = sample.at;
    grace_periods += sample.figures.grace_periods;
    reads += sample.figures.reads.done;
    writes += sample.figures.writes.done;
    EXPECT_EQ(sample.figures.interrupts, 0u);
  }
  // The first look has nothing before it, and Begin() was one as well.
  EXPECT_EQ(grace_periods, looks_ - 2);
  EXPECT_EQ(reads, looks_ - 2);
  EXPECT_EQ(writes, looks_ - 2);
  EXPECT_EQ(result_.reads, looks_);
  EXPECT_EQ(result_.writes, looks_);
}

TEST_F(FlipTimelineTest, APhaseHasItsSettledSamplesTogether) {
  ASSERT_TRUE(Run().ok());
  for (size_t i = 0; i < result_.phases.size(); ++i) {
    const FlipPhase& phase = result_.phases[i];
    double seconds = 0;
    uint64_t grace_periods = 0, reads = 0, backlog = 0;
    bool first = true;
    for (const FlipSample& sample : result_.samples) {
      if (sample.phase != i) continue;
      // It has the switch in it.
      EXPECT_FALSE(first && sample.settled);
      first = false;
      if (!sample.settled) continue;
      seconds += sample.figures.seconds;
      grace_periods += sample.figures.grace_periods;
      reads += sample.figures.reads.done;
      backlog = std::max(backlog, sample.figures.backlog_bytes);
    }
    // On a machine that stands still for a whole phase there may be none.
    EXPECT_EQ(phase.complete, reads > 0);
    EXPECT_NEAR(phase.figures.seconds, seconds, 1e-6);
    EXPECT_EQ(phase.figures.grace_periods, grace_periods);
    EXPECT_EQ(phase.figures.reads.done, reads);
    EXPECT_EQ(phase.backlog_bytes_max, backlog);
    EXPECT_GE(phase.to, phase.from);
  }
}

TEST_F(FlipTimelineTest, InterruptsThatAreNotShownAreAbsent) {
  interrupts_.reset();
  ASSERT_TRUE(Run().ok());
  EXPECT_FALSE(HasInterrupts(result_));
}

TEST_F(FlipTimelineTest, ASettingThatSomebodyElseSwitchedEndsIt) {
  source_.before_status = [this] {
    if (source_.updates.size() == 2) source_.status.set_reclaim_mode(v1::SYNCHRONIZE);
  };
  // The second phase is not of that.
  result_.options.settings.pop_back();
  const absl::Status status = Run();
  EXPECT_TRUE(absl::IsAborted(status));
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("phase 2 is of "), HasSubstr("/synchronize"),
                    HasSubstr("somebody else")));
  EXPECT_EQ(result_.phases.size(), 2u);
  EXPECT_FALSE(result_.phases.back().complete);
}

TEST_F(FlipTimelineTest, AServerThatWasStartedAnewEndsIt) {
  source_.before_status = [this] {
    if (source_.updates.size() == 3) source_.status.set_pid(2);
  };
  const absl::Status status = Run();
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("started anew"));
}

TEST_F(FlipTimelineTest, AServerThatDiesLeavesWhatWasMeasuredUntilThen) {
  source_.before_status = [this] {
    if (source_.updates.size() == 3) source_.failure = absl::UnavailableError("gone");
  };
  EXPECT_TRUE(absl::IsUnavailable(Run()));
  ASSERT_EQ(result_.phases.size(), 3u);
  EXPECT_FALSE(result_.phases.back().complete);
  EXPECT_GE(result_.samples.size(), 2u);
  EXPECT_EQ(ended_, 2);
}

TEST_F(FlipTimelineTest, ACallOfTheLoadThatFailedEndsIt) {
  source_.before_status = [this] {
    if (source_.updates.size() == 1) tally_.Fail(absl::ResourceExhaustedError("full"));
  };
  EXPECT_TRUE(absl::IsResourceExhausted(Run()));
  EXPECT_EQ(result_.phases.size(), 1u);
  EXPECT_EQ(result_.samples.size(), 1u) << "what was measured until then";
}

}  // namespace
}  // namespace rcukv::loadtest
