#include "loadtest/workload/run_page.h"

#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/workload/run_page_fixture.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

Page PageOf(const RunResult& result) {
  return RunPage(result, SomeMachine(), "./run loadtest run", absl::UnixEpoch());
}

auto Says(Verdict::Kind kind, const std::string& words) {
  return Contains(
      AllOf(Field(&Verdict::kind, kind), Field(&Verdict::text, HasSubstr(words))));
}

std::vector<std::string> Ids(const Page& page) {
  std::vector<std::string> ids;
  for (const Chart& chart : page.sections[1].charts) ids.push_back(chart.id);
  return ids;
}

std::vector<std::string> Names(const Chart& chart) {
  std::vector<std::string> names;
  for (const Line& line : chart.lines) names.push_back(line.name);
  return names;
}

TEST(RunPage, SaysWhatWasRunWhereAndWhen) {
  const Page page = PageOf(ClosedRun());
  EXPECT_EQ(page.title, "Load test: workload b on 127.0.0.1:7700");
  EXPECT_EQ(page.command, "./run loadtest run");
  const auto fact = [](const std::string& name, const std::string& words) {
    return Contains(
        AllOf(Field(&Fact::name, name), Field(&Fact::text, HasSubstr(words))));
  };
  EXPECT_THAT(page.facts, AllOf(fact("Load", "closed loop"), fact("Client", "2 cores of"),
                                fact("Server", "rcukv 1.2.3, flavor memb"),
                                fact("Libraries", "Chart.js 3."),
                                fact("Written", "1970-01-01 00:00:00 UTC")));
}

TEST(RunPage, AClosedLoopHasOneClock) {
  const Page page = PageOf(ClosedRun());
  EXPECT_THAT(Ids(page), ElementsAre("throughput", "latency", "curves-due"));
  EXPECT_THAT(Names(page.sections[1].charts[2]),
              ElementsAre("get", "put", "scan", "all"));
  ASSERT_THAT(page.sections[0].tables, SizeIs(1));
  EXPECT_EQ(page.sections[0].tables[0].caption, "latency");
}

TEST(RunPage, AnOpenLoopHasBothClocksOnOneScale) {
  const Page page = PageOf(OpenRun());
  EXPECT_THAT(Ids(page),
              ElementsAre("throughput", "latency", "curves-due", "curves-sent"));
  EXPECT_EQ(page.sections[1].charts[2].y.within, page.sections[1].charts[3].y.within);
  EXPECT_THAT(page.sections[1].charts[2].y.within, SizeIs(2));
  EXPECT_THAT(page.sections[0].tables, SizeIs(2));
}

TEST(RunPage, ARampShowsItsStepsByRateWithTheObjective) {
  const Page page = PageOf(RampRun());
  const Chart& ramp = page.sections[1].charts[0];
  EXPECT_THAT(Names(ramp), ElementsAre("p99", "objective", "objective met", "missed"));
  EXPECT_THAT(ramp.lines[0].points, SizeIs(5));
  EXPECT_EQ(ramp.lines[0].points[3].x, 4900) << "of 5600, before 5100 of 8000";
  EXPECT_EQ(ramp.lines[1].points[1].y, 5e6);
  EXPECT_THAT(ramp.lines[2].points, SizeIs(3));
  EXPECT_THAT(ramp.lines[3].points, SizeIs(2));
  EXPECT_THAT(ramp.table.rows[3], Contains("missed: calls queued up"));
  EXPECT_THAT(page.verdicts, Says(Verdict::kNote, "The highest rate that met"));
}

TEST(RunPage, ARampThatFoundNothingFailed) {
  RunResult result = RampRun();
  std::erase_if(result.steps, [](const RampStep& step) { return step.met; });
  EXPECT_THAT(PageOf(result).verdicts, Says(Verdict::kFailure, "No rate"));
}

TEST(RunPage, WarnsWhereTheClientMayHaveBeenTheLimit) {
  EXPECT_THAT(PageOf(ClosedRun()).verdicts,
              Says(Verdict::kWarning, "98 % busy, 55 % with this program"));
  EXPECT_THAT(PageOf(OpenRun()).verdicts, Says(Verdict::kNote, "processors to spare"));
  RunResult unknown = OpenRun();
  unknown.phase.processors.reset();
  EXPECT_THAT(PageOf(unknown).verdicts,
              Not(Contains(Field(&Verdict::text, HasSubstr("processors")))));
}

TEST(RunPage, WarnsWhereTheScheduleWasNotKept) {
  EXPECT_THAT(PageOf(OpenRun()).verdicts,
              AllOf(Says(Verdict::kWarning, "NOT kept"),
                    Says(Verdict::kWarning, "NOT answered: 40 calls")));
  EXPECT_THAT(PageOf(ClosedRun()).verdicts,
              Not(Contains(Field(&Verdict::text, HasSubstr("Schedule")))));
}

TEST(RunPage, TheWorstComesFirst) {
  RunResult result = ClosedRun();
  result.wrong = 3;
  result.first_wrong = "key x is odd";
  result.failure = absl::UnavailableError("server gone");
  const std::vector<Verdict> verdicts = PageOf(result).verdicts;
  EXPECT_THAT(verdicts[0].text, HasSubstr("server gone"));
  EXPECT_THAT(verdicts[1].text,
              AllOf(HasSubstr("3 answers were wrong"), HasSubstr("key x is odd")));
  EXPECT_EQ(verdicts.back().kind, Verdict::kNote);
}

TEST(RunPage, NothingMeasuredIsNoChartAndSaysSo) {
  RunResult result;
  result.interrupted = true;
  const Page page = PageOf(result);
  EXPECT_THAT(page.sections[1].charts, IsEmpty());
  EXPECT_THAT(page.sections[0].tables, IsEmpty());
  EXPECT_THAT(page.verdicts, AllOf(Says(Verdict::kWarning, "Interrupted"),
                                   Says(Verdict::kWarning, "Nothing was measured")));
}

}  // namespace
}  // namespace rcukv::loadtest
