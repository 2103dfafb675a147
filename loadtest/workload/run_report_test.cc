#include "loadtest/workload/run_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/workload/run_files.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const Machine kMachine = {.cpu = "a cpu", .cores = 2, .kernel = "k", .compiler = "c"};

constexpr uint64_t kMillisecond = 1'000'000;

// A thousand gets in a second, of 1 to 1000 us from the send and `late` more from the due
// time; and one put.
RunResult Result(uint64_t late) {
  RunResult result;
  for (uint64_t i = 1; i <= 1000; ++i) {
    const uint64_t from_send = i * 1000;
    result.phase.measured->Record(OperationKind::kGet,
                                  {.from_send = from_send, .from_due = from_send + late});
  }
  result.phase.measured->Record(OperationKind::kPut, {.from_send = 5, .from_due = 5});
  result.phase.seconds = 1;
  result.seconds = {{.warm_up = true, .at = 1, .seconds = 1, .operations = 7},
                    {.at = 2, .seconds = 1, .operations = 1001, .p50 = 500'000}};
  return result;
}

RunResult OpenResult(uint64_t late) {
  RunResult result = Result(late);
  result.options.rate = 1000;
  result.phase.asked_rate = 1000;
  return result;
}

TEST(RenderRun, AClosedLoopHasOneLatency) {
  const std::string text = RenderRun(Result(0), kMachine);
  EXPECT_THAT(text, AllOf(HasSubstr("closed loop"), HasSubstr("95 % get, 5 % put"),
                          HasSubstr("p99.99"), HasSubstr("\nget"), HasSubstr("\nput"),
                          HasSubstr("\nall"), HasSubstr("2 cores of a cpu"),
                          HasSubstr("1,001 operations"), HasSubstr("0 wrong")));
  EXPECT_THAT(text, AllOf(Not(HasSubstr("when it was sent")),
                          Not(HasSubstr("Schedule error")), Not(HasSubstr("FAILED"))));
}

TEST(RenderRun, AnOpenLoopHasBothLatenciesAndItsScheduleError) {
  const std::string text = RenderRun(OpenResult(kMillisecond / 2), kMachine);
  EXPECT_THAT(text, AllOf(HasSubstr("open loop at 1.00k"), HasSubstr("when it was sent"),
                          HasSubstr("when the call was due"),
                          HasSubstr("Schedule error: p50 500 us, p99 500 us"),
                          Not(HasSubstr("NOT kept"))));
}

// Without the ends of lines.
std::string Unwrapped(const RunResult& result) {
  std::string text = RenderRun(result, kMachine);
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

TEST(RenderRun, ARateThatWasNotKeptIsCalledThatAndByHowMuch) {
  EXPECT_THAT(Unwrapped(OpenResult(2 * kMillisecond)),
              AllOf(HasSubstr("The rate was NOT kept: the p99 of the schedule error is "
                              "2.00 ms, where it is to be below 1 ms."),
                    HasSubstr("1,000 calls (99.9 %) were sent 1 ms late or later"),
                    HasSubstr("1,000 because the generator came too late"),
                    Not(HasSubstr("--callers"))));
  EXPECT_THAT(Unwrapped(OpenResult(kMillisecond)), HasSubstr("NOT kept"));
  // A bucket is reported as its middle, up to 1 % above.
  EXPECT_THAT(Unwrapped(OpenResult(kMillisecond * 98 / 100)), Not(HasSubstr("NOT kept")));
}

TEST(RenderRun, WhatHeldUpCallsThatWereLateIsTold) {
  const RunResult result = OpenResult(2 * kMillisecond);
  for (int i = 0; i < 500; ++i) {
    result.phase.measured->Record(
        OperationKind::kGet,
        {.from_send = 1000, .from_due = 3 * kMillisecond, .waited_for_caller = true});
  }
  EXPECT_THAT(Unwrapped(result),
              AllOf(HasSubstr("1,500 calls"),
                    HasSubstr("500 because all 32 callers were waiting for answers"),
                    HasSubstr("1,000 because the generator came too late")));
  const nlohmann::json json = nlohmann::json::parse(ToJson(result, kMachine));
  EXPECT_EQ(json["schedule_error"]["kept"], false);
  EXPECT_EQ(json["schedule_error"]["late_calls"], 1500);
  EXPECT_EQ(json["schedule_error"]["late_calls_all_callers_busy"], 500);
}

// A null server at the rate of the run, and one call of 2000 late there by `late`.
Overhead SomeOverhead(uint64_t late) {
  Overhead overhead;
  overhead.generator_nanoseconds = 700;
  for (std::optional<MeasuredPhase>* const phase :
       {&overhead.null_server, &overhead.null_target}) {
    *phase = MeasuredPhase();
    (*phase)->asked_rate = 1000;
    (*phase)->seconds = 1;
    (*phase)->cpu_seconds = 0.01;
    for (int i = 0; i < 1000; ++i) {
      (*phase)->measured->Record(OperationKind::kGet,
                                 {.from_send = 1000, .from_due = 1000 + late});
    }
  }
  return overhead;
}

TEST(RenderRun, WhatTheClientCostsByItselfIsTold) {
  RunResult result = OpenResult(0);
  EXPECT_THAT(Unwrapped(result), Not(HasSubstr("null server")));
  result.phase.cpu_seconds = 1001 * 15e-6;
  result.overhead = SomeOverhead(0);
  EXPECT_THAT(
      Unwrapped(result),
      AllOf(HasSubstr("1.00k operations/s, latency p50 1.00 us and p99 1.00 us; a call "
                      "took 10.0 us of this program's processor time (15.0 us above)"),
            HasSubstr("The generator itself takes 700 ns"), HasSubstr("p99 0.00 ns"),
            Not(HasSubstr("NOT kept"))));
  const nlohmann::json json = nlohmann::json::parse(ToJson(result, kMachine));
  EXPECT_DOUBLE_EQ(json["client_cpu_ns_an_operation"], 15'000);
  EXPECT_EQ(json["overhead"]["generator_cpu_ns_an_operation"], 700);
  EXPECT_EQ(json["overhead"]["null_server"]["operations"], 1000);
  EXPECT_DOUBLE_EQ(json["overhead"]["null_server"]["client_cpu_ns_an_operation"], 10'000);
  EXPECT_EQ(json["overhead"]["null_target"]["schedule_error"]["kept"], true);
}

TEST(RenderRun, ARateThatEvenANullServerCannotDoIsToldFromOneThatTheServerCannot) {
  RunResult result = OpenResult(2 * kMillisecond);
  result.overhead = SomeOverhead(5 * kMillisecond);
  EXPECT_THAT(Unwrapped(result), HasSubstr("The rate was NOT kept there either"));
  result.overhead = Overhead();
  result.overhead->failure = absl::UnavailableError("no port");
  EXPECT_THAT(Unwrapped(result), HasSubstr("by itself is not known: no port"));
}

TEST(RenderRun, AClientThatMayHaveBeenTheLimitIsToldFromOneThatWasNot) {
  RunResult result = Result(0);
  EXPECT_THAT(RenderRun(result, kMachine), Not(HasSubstr("processors")));
  result.phase.processors = ProcessorUse{.busy = 0.95, .own = 0.25};
  EXPECT_THAT(RenderRun(result, kMachine),
              AllOf(HasSubstr("The client may have been the limit"),
                    HasSubstr("% busy, 25 % with this")));
  result.phase.processors->busy = 0.5;
  EXPECT_THAT(RenderRun(result, kMachine),
              AllOf(HasSubstr("had processors to spare"), Not(HasSubstr("the limit"))));
}

TEST(RenderRun, ARampShowsWhatItTriedAndFound) {
  RunResult result = OpenResult(kMillisecond / 2);
  result.options.ramp_p99 = absl::Milliseconds(2);
  result.steps = {{.rate = 1000, .done = 999, .p50 = 5, .p99 = kMillisecond, .met = true},
                  {.rate = 2000, .done = 1500, .p50 = 6, .p99 = 9 * kMillisecond}};
  EXPECT_FALSE(MissedObjective(result));
  EXPECT_THAT(RenderRun(result, kMachine),
              AllOf(HasSubstr("highest rate that met a p99 of 2ms: 1.00k operations/s"),
                    HasSubstr("9.00 ms     missed"), HasSubstr("  met\n")));
  result.steps.erase(result.steps.begin());
  EXPECT_TRUE(MissedObjective(result));
  EXPECT_THAT(RenderRun(result, kMachine), HasSubstr("No rate that was tried met"));
}

// A server that stops answering is not to look fast.
TEST(RenderRun, CallsWithoutAnAnswerAreToldAndAreInTheLatencies) {
  const RunResult result = OpenResult(0);
  result.phase.measured->RecordUnanswered(3000 * kMillisecond, 100);
  EXPECT_THAT(RenderRun(result, kMachine),
              AllOf(HasSubstr("NOT answered: 100 calls"), HasSubstr("up to 3.00 s"),
                    HasSubstr("NOT kept")));
  const nlohmann::json json = nlohmann::json::parse(ToJson(result, kMachine));
  EXPECT_EQ(json["measured_operations"], 1001);
  EXPECT_EQ(json["unanswered"]["count"], 100);
  const nlohmann::json& all = json["operations"]["all"];
  EXPECT_GT(all["from_due"]["percentiles_ns"]["95"], 2900 * kMillisecond);
  EXPECT_LT(all["from_send"]["percentiles_ns"]["100"], 2 * kMillisecond);
}

TEST(RenderRun, WrongAnswersFailuresAndInterruptsAreTold) {
  RunResult result = Result(0);
  result.wrong = 3;
  result.unchecked = 7;
  result.first_wrong = "key x is odd";
  result.failure = absl::UnavailableError("server gone");
  result.interrupted = true;
  EXPECT_THAT(RenderRun(result, kMachine),
              AllOf(HasSubstr("3 wrong"), HasSubstr("Not checked: 7 answers"),
                    HasSubstr("key x is odd"), HasSubstr("FAILED: server gone"),
                    HasSubstr("Interrupted"), HasSubstr("what was measured until then")));
}

TEST(RenderRun, NothingMeasuredIsNoTable) {
  RunResult result;
  result.interrupted = true;
  EXPECT_THAT(RenderRun(result, kMachine),
              AllOf(HasSubstr("Nothing was measured yet"), Not(HasSubstr("p99.99"))));
}

TEST(RenderRunSecond, HasRateAndPercentilesAndSaysWhatIsWarmUp) {
  const RunResult result = Result(0);
  EXPECT_THAT(RenderRunSecond(result.seconds[0]), HasSubstr("(warm-up)"));
  EXPECT_THAT(RenderRunSecond(result.seconds[1]),
              AllOf(HasSubstr("1.00k ops/s"), HasSubstr("p50   500 us"),
                    Not(HasSubstr("WRONG")), Not(HasSubstr("warm-up"))));
}

TEST(RunFiles, JsonHasEverythingAndBothLatenciesOfAnOpenLoop) {
  const nlohmann::json json =
      nlohmann::json::parse(ToJson(OpenResult(kMillisecond / 2), kMachine));
  EXPECT_EQ(json["machine"]["cores"], 2);
  EXPECT_EQ(json["options"]["workload"]["shares"]["get"], 0.95);
  EXPECT_EQ(json["options"]["rate"], 1000);
  EXPECT_EQ(json["schedule_error"]["kept"], true);
  EXPECT_EQ(json["measured_operations"], 1001);
  ASSERT_EQ(json["seconds"].size(), 2u);
  EXPECT_EQ(json["seconds"][1]["rate"], 1001);
  const nlohmann::json& get = json["operations"]["get"];
  const double p99 = get["from_send"]["percentiles_ns"]["99"];
  EXPECT_NEAR(p99, 990'000, 9'900);
  const double due_p99 = get["from_due"]["percentiles_ns"]["99"];
  EXPECT_NEAR(due_p99, 1'490'000, 14'900);
  EXPECT_EQ(get["from_send"]["percentiles_ns"]["100"], kMillisecond);
}

TEST(RunFiles, TheServerIsNamedWhereItIsKnown) {
  RunResult result = Result(0);
  EXPECT_THAT(RenderRun(result, kMachine),
              HasSubstr("Server: not known: --admin_address was not given."));
  EXPECT_TRUE(nlohmann::json::parse(ToJson(result, kMachine))["server"].is_null());
  result.server = ServerFacts{.version = "1.2.3", .settings = {{"flavor", "memb"}}};
  EXPECT_THAT(RenderRun(result, kMachine),
              HasSubstr("Server: rcukv 1.2.3, flavor memb."));
  const nlohmann::json json = nlohmann::json::parse(ToJson(result, kMachine));
  EXPECT_EQ(json["server"]["version"], "1.2.3");
  EXPECT_EQ(json["server"]["flavor"], "memb");
}

TEST(RunFiles, JsonHasTheProcessorsWhereTheyAreKnown) {
  RunResult result = Result(0);
  EXPECT_TRUE(nlohmann::json::parse(ToJson(result, kMachine))["processors"].is_null());
  result.phase.processors = ProcessorUse{.busy = 0.5, .own = 0.25};
  const nlohmann::json json = nlohmann::json::parse(ToJson(result, kMachine));
  EXPECT_EQ(json["processors"]["busy"], 0.5);
  EXPECT_EQ(json["processors"]["own"], 0.25);
}

TEST(RunFiles, JsonOfAClosedLoopHasNoSchedule) {
  const nlohmann::json json = nlohmann::json::parse(ToJson(Result(0), kMachine));
  EXPECT_TRUE(json["options"]["rate"].is_null());
  EXPECT_TRUE(json["schedule_error"].is_null());
  EXPECT_FALSE(json["operations"]["all"].contains("from_due"));
}

TEST(RunFiles, CsvHasALineForEachSecond) {
  const std::string csv = ToCsv(Result(0));
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 3);
  EXPECT_THAT(csv, AllOf(HasSubstr("\nwarm_up,1.000,1.000,7,7.0,"),
                         HasSubstr("\nmeasured,2.000,1.000,1001,1001.0,500000,")));
}

}  // namespace
}  // namespace rcukv::loadtest
