#include "loadtest/flip/flip_page.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/flip/flip_result_for_test.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::Field;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

Page PageOf(const FlipResult& result) {
  return FlipPage(result, {}, "./run loadtest flip", absl::UnixEpoch());
}

auto Says(Verdict::Kind kind, const std::string& words) {
  return Contains(
      AllOf(Field(&Verdict::kind, kind), Field(&Verdict::text, HasSubstr(words))));
}

TEST(FlipPage, WhatTheTerminalSaysIsThereWithTheCharts) {
  const Page page = PageOf(SomeFlipResult());
  EXPECT_EQ(page.command, "./run loadtest flip");
  EXPECT_THAT(page.verdicts,
              AllOf(Says(Verdict::kNote, "instead of expedited/call_rcu: "),
                    Says(Verdict::kNote, "are outside the noise"),
                    Says(Verdict::kNote, "123,456 reads checked, 0 wrong"),
                    Each(Field(&Verdict::kind, Verdict::kNote))));
  EXPECT_THAT(page.facts, Contains(Field(&Fact::text, HasSubstr("1970-01-01"))));
  EXPECT_THAT(page.facts, Contains(Field(&Fact::text, HasSubstr("whole machine"))));
  EXPECT_THAT(page.sections[0].tables, SizeIs(4));
  EXPECT_THAT(page.sections[1].charts, SizeIs(9));
}

TEST(FlipPage, WhatWentWrongComesFirst) {
  FlipResult result = SomeFlipResult();
  result.failure = absl::UnavailableError("the server was killed");
  result.restore_failure = absl::UnavailableError("set it by hand");
  result.wrong = 3;
  result.first_wrong = "key x";
  result.interrupted = true;
  for (FlipPhase& phase : result.phases) phase.figures.reads.late_p99 = 2'000'000;
  const Page page = PageOf(result);
  EXPECT_THAT(
      page.verdicts,
      AllOf(Says(Verdict::kFailure, "the server was killed"),
            Says(Verdict::kFailure, "3 answers were wrong. The first: key x"),
            Says(Verdict::kFailure, "set it by hand"),
            Says(Verdict::kWarning, "Interrupted"), Says(Verdict::kWarning, "NOT kept")));
  for (size_t i = 1; i < page.verdicts.size(); ++i) {
    EXPECT_LE(page.verdicts[i].kind, page.verdicts[i - 1].kind);
  }
}

TEST(FlipPage, APageOfNothingHasNoChart) {
  FlipResult result;
  result.interrupted = true;
  const Page page = PageOf(result);
  EXPECT_THAT(page.sections[1].charts, SizeIs(0));
  EXPECT_THAT(page.sections[0].tables, SizeIs(0));
  EXPECT_THAT(page.verdicts, Says(Verdict::kWarning, "Interrupted"));
  EXPECT_THAT(page.verdicts, Not(Says(Verdict::kNote, "instead of")));
}

}  // namespace
}  // namespace rcukv::loadtest
