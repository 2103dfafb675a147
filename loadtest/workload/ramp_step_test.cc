#include "loadtest/workload/ramp_step.h"

#include <cstdint>

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

constexpr absl::Duration kObjective = absl::Seconds(1);
constexpr uint64_t kMillisecond = 1'000'000;
constexpr int kCalls = 1000;

void RecordFast(int calls, Measurement& measurement) {
  for (int i = 0; i < calls; ++i) {
    measurement.Record(OperationKind::kGet,
                       {.from_send = kMillisecond, .from_due = kMillisecond});
  }
}

// All answered in a millisecond.
RunResult FastResult() {
  RunResult result;
  result.phase.asked_rate = kCalls;
  result.phase.seconds = 1;
  result.options.callers = 32;
  RecordFast(kCalls, *result.phase.measured);
  return result;
}

RampStep Step(const RunResult& result) {
  return StepOf(result, kObjective, absl::OkStatus());
}

TEST(StepOf, AFastServerMeetsTheObjective) {
  const RunResult result = FastResult();
  EXPECT_TRUE(Step(result).met);
  Measurement under_way;
  RecordFast(32, under_way);
  result.phase.measured->MergeAfterEnd(under_way);
  EXPECT_TRUE(Step(result).met) << Step(result).reason;
}

// In half a second no call can wait for a whole one, whatever the rate.
TEST(StepOf, ARateThatWasNotDoneIsMissedHoweverFastItsAnswers) {
  const RunResult late = FastResult();
  Measurement rest;
  RecordFast(100, rest);
  late.phase.measured->MergeAfterEnd(rest);
  EXPECT_FALSE(Step(late).met);
  EXPECT_EQ(Step(late).reason, "calls queued up");
  const RunResult never = FastResult();
  never.phase.measured->RecordUnanswered(kMillisecond, 100'000);
  EXPECT_FALSE(Step(never).met);
}

TEST(StepOf, TheP99IsThatOfTheUnansweredAsWell) {
  const RunResult result = FastResult();
  result.phase.measured->RecordUnanswered(2000 * kMillisecond, 20);
  EXPECT_FALSE(Step(result).met);
  EXPECT_EQ(Step(result).reason, "p99");
  EXPECT_GE(Step(result).p99, 1900 * kMillisecond);
}

TEST(StepOf, NothingDoneAndCallsThatFailedAreMissed) {
  RunResult nothing;
  nothing.phase.asked_rate = 1;
  EXPECT_EQ(Step(nothing).reason, "no calls");
  const RampStep failed =
      StepOf(FastResult(), kObjective, absl::DeadlineExceededError("late"));
  EXPECT_FALSE(failed.met);
  EXPECT_EQ(failed.reason, "calls failed");
}

TEST(IsOverload, IsWhatAServerSaysThatHasTooMuchToDo) {
  EXPECT_TRUE(IsOverload(absl::DeadlineExceededError("")));
  EXPECT_TRUE(IsOverload(absl::ResourceExhaustedError("")));
  EXPECT_FALSE(IsOverload(absl::UnavailableError("")));
  EXPECT_FALSE(IsOverload(absl::OkStatus()));
}

}  // namespace
}  // namespace rcukv::loadtest
