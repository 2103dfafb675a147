#include "loadtest/process/child_process.h"

#include <signal.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr absl::Duration kLong = absl::Seconds(30);

std::unique_ptr<ChildProcess> Shell(const std::string& script) {
  auto child = ChildProcess::Start({"/bin/sh", "-c", script});
  EXPECT_TRUE(child.ok()) << child.status();
  return *std::move(child);
}

// Whether there is such a process, even one that nobody has waited for yet.
bool Exists(pid_t pid) { return kill(pid, 0) == 0; }

TEST(ChildProcess, AProgramThatDoesNotExistIsAnError) {
  const auto child = ChildProcess::Start({"/no/such/program"});
  EXPECT_EQ(child.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(child.status().message()), HasSubstr("/no/such/program"));
}

TEST(ChildProcess, TheLineThatWasWaitedForComesWhole) {
  const auto child = Shell("echo one; echo 'two: ready, at 1:2' >&2; exec sleep 60");
  const auto line = child->WaitForLine("ready", kLong);
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(*line, "two: ready, at 1:2");
  EXPECT_FALSE(child->HasEnded());
  EXPECT_EQ(child->State(), "still runs");
}

TEST(ChildProcess, AChildThatExitsEarlyIsNoticedAtOnceWithItsLastWords) {
  const auto child = Shell("echo first; echo no such flag >&2; exit 3");
  const auto line = child->WaitForLine("ready", kLong);
  EXPECT_EQ(line.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(line.status().message()), HasSubstr("exited with status 3"));
  EXPECT_THAT(child->LastLines(10), ElementsAre("first", "no such flag"));
  EXPECT_THAT(child->LastLines(1), ElementsAre("no such flag"));
}

TEST(ChildProcess, ALineSaidJustBeforeTheEndIsStillFound) {
  const auto child = Shell("echo ready");
  EXPECT_TRUE(child->WaitForLine("ready", kLong).ok());
}

TEST(ChildProcess, AChildThatSaysNothingIsNotWaitedForForEver) {
  const auto child = Shell("exec sleep 60");
  const auto line = child->WaitForLine("ready", absl::Milliseconds(50));
  EXPECT_EQ(line.status().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST(ChildProcess, ADeathBySignalIsTold) {
  const auto child = Shell("kill -9 $$");
  EXPECT_FALSE(child->WaitForLine("ready", kLong).ok());
  EXPECT_EQ(child->State(), "was killed by signal 9 (Killed)");
}

TEST(ChildProcess, StopAsksFirst) {
  const auto child =
      Shell("trap 'echo bye; exit 0' TERM; echo ready; while :; do :; done");
  ASSERT_TRUE(child->WaitForLine("ready", kLong).ok());
  EXPECT_TRUE(child->Stop(kLong));
  EXPECT_EQ(child->State(), "exited with status 0");
  EXPECT_THAT(child->LastLines(1), ElementsAre("bye"));
}

TEST(ChildProcess, StopEndsOneThatDoesNotListen) {
  const auto child = Shell("trap '' TERM; echo ready; while :; do :; done");
  ASSERT_TRUE(child->WaitForLine("ready", kLong).ok());
  EXPECT_FALSE(child->Stop(absl::Milliseconds(10)));
  EXPECT_THAT(child->State(), HasSubstr("signal 9"));
}

TEST(ChildProcess, NoneIsLeftBehind) {
  auto child = Shell("exec sleep 60");
  const pid_t pid = child->pid();
  EXPECT_TRUE(Exists(pid));
  child.reset();
  EXPECT_FALSE(Exists(pid));
}

TEST(ChildProcess, CtrlCAtTheTerminalIsNotTheChilds) {
  const auto child = Shell("echo ready; exec sleep 60");
  ASSERT_TRUE(child->WaitForLine("ready", kLong).ok());
  EXPECT_EQ(getpgid(child->pid()), child->pid());
  EXPECT_NE(getpgid(child->pid()), getpgrp());
}

}  // namespace
}  // namespace rcukv::loadtest
