#include "loadtest/flip/flip_report.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/flip/flip_result_for_test.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> LinesOf(const FlipResult& result) {
  return absl::StrSplit(RenderFlip(result, {}), '\n');
}

TEST(FlipReport, SettingsTimelineAndWordsAreThere) {
  EXPECT_THAT(RenderFlip(SomeFlipResult(), {}),
              AllOf(HasSubstr("2 settings, each 6 times"), HasSubstr("\nReads\n"),
                    HasSubstr("\nWrites\n"), HasSubstr("205 us (200-210)"),
                    HasSubstr("\nTimeline "), HasSubstr("instead of expedited/call_rcu"),
                    HasSubstr("123,456 reads checked, 0 wrong"), Not(HasSubstr("FAILED")),
                    Not(HasSubstr("until then"))));
}

TEST(FlipReport, APhaseHasALineWithACharacterForEachSample) {
  FlipResult result = SomeFlipResult();
  result.samples[5].figures.reads.p99 *= 100;
  const std::vector<std::string> lines = LinesOf(result);
  EXPECT_THAT(lines, Contains(AllOf(HasSubstr("1.0 s  non_expedited/call_rcu"),
                                    HasSubstr(" .@.. "), HasSubstr("10.0 ms"))));
  EXPECT_THAT(lines, Contains(HasSubstr("11.0 s  ")));
}

TEST(FlipReport, NoLineIsTooWideForATerminal) {
  FlipResult result = SomeFlipResult();
  // The longest names, and as many samples as there is room for.
  result.options.settings = {{v1::GLOBAL_EXPEDITED, v1::SYNCHRONIZE},
                             {v1::NON_EXPEDITED, v1::SYNCHRONIZE}};
  for (int i = 0; i < 40; ++i) result.samples.push_back(result.samples.back());
  for (const std::string& line : LinesOf(result)) EXPECT_LE(line.size(), 110u) << line;
}

TEST(FlipReport, APhaseThatWasCutShortIsCalledThat) {
  FlipResult result = SomeFlipResult();
  result.interrupted = true;
  result.phases.back().complete = false;
  EXPECT_THAT(LinesOf(result),
              Contains(AllOf(HasSubstr("11.0 s"), HasSubstr("cut short"))));
  EXPECT_THAT(RenderFlip(result, {}),
              AllOf(HasSubstr("Interrupted."), HasSubstr("measured until then")));
}

TEST(FlipReport, WhatWentWrongIsSaidAtTheEnd) {
  FlipResult result = SomeFlipResult();
  result.wrong = 2;
  result.first_wrong = "key x: not found";
  result.failure = absl::UnavailableError("the server was killed");
  result.restore_failure = absl::UnavailableError("set it by hand");
  EXPECT_THAT(
      RenderFlip(result, {}),
      AllOf(HasSubstr("2 wrong"), HasSubstr("WRONG answer: key x: not found"),
            HasSubstr("FAILED: the server was killed"), HasSubstr("measured until then"),
            HasSubstr("NOT PUT BACK: set it by hand")));
}

TEST(FlipReport, WithoutASampleItSaysSo) {
  FlipResult result;
  result.interrupted = true;
  EXPECT_THAT(RenderFlip(result, {}),
              AllOf(HasSubstr("Nothing was measured yet."), Not(HasSubstr("Timeline"))));
}

}  // namespace
}  // namespace rcukv::loadtest
