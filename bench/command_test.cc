#include "bench/command.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::HasSubstr;

absl::StatusOr<Finished> Shell(const std::string& script) {
  return RunToEnd({"/bin/sh", "-c", script});
}

TEST(RunToEnd, GivesWhatTheProgramWrote) {
  const absl::StatusOr<Finished> finished = Shell("echo one; echo two; echo no >&2");
  ASSERT_TRUE(finished.ok()) << finished.status();
  EXPECT_EQ(finished->output, "one\ntwo\n");
}

TEST(RunToEnd, OutputLongerThanAPipeHoldsIsWhole) {
  const absl::StatusOr<Finished> finished = Shell("head -c 1000000 /dev/zero");
  ASSERT_TRUE(finished.ok()) << finished.status();
  EXPECT_EQ(finished->output.size(), 1'000'000u);
}

TEST(RunToEnd, TellsThePeakOfTheProgramsMemory) {
  constexpr int64_t kMiB = 1 << 20;
  const absl::StatusOr<Finished> finished =
      Shell("dd if=/dev/zero of=/dev/null bs=64M count=1 2>&1");
  ASSERT_TRUE(finished.ok()) << finished.status();
  EXPECT_GT(finished->peak_rss_bytes, 64 * kMiB);
  EXPECT_LT(finished->peak_rss_bytes, 256 * kMiB);
}

TEST(RunToEnd, TellsTheCpuTimeOfTheProgram) {
  const absl::StatusOr<Finished> finished =
      Shell("i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done");
  ASSERT_TRUE(finished.ok()) << finished.status();
  EXPECT_GT(finished->user_seconds + finished->system_seconds, 0.001);
}

TEST(RunToEnd, AFailureTellsTheStatus) {
  const absl::Status status = Shell("exit 7").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(status.message()), HasSubstr("status 7"));
}

TEST(RunToEnd, ADeathTellsTheSignal) {
  EXPECT_THAT(std::string(Shell("kill -9 $$").status().message()), HasSubstr("signal 9"));
}

TEST(RunToEnd, WhatTheMachineCannotDoIsToldInTheProgramsWords) {
  EXPECT_EQ(Shell("echo no such thing here; exit 3").status(),
            absl::UnavailableError("no such thing here"));
}

TEST(RunToEnd, AProgramThatIsNotThereIsNamed) {
  const absl::Status status = RunToEnd({"/no/such/program"}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("/no/such/program"));
}

}  // namespace
}  // namespace rcukv::bench
