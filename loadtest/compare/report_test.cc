#include "loadtest/compare/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/compare/report_json.h"
#include "loadtest/compare/report_table.h"
#include "loadtest/compare/report_words.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// One of which all rates are `rate`, and a read takes as long as that gives.
Sample SampleOf(double rate, double grace_period_ns) {
  const LookupSample lookups = {
      .reads_per_second = rate, .ns_per_read = 1e9 / rate, .writes_per_second = 1000};
  return {.grpc = {.reads_per_second = rate,
                   .latency_p50_ns = 1e6,
                   .latency_p99_ns = 2e6,
                   .server_cpu_ns_per_read = 5e9 / rate,
                   .writes_per_second = 1000},
          .lookups = {lookups, lookups, lookups},
          .grace_periods = {.completed = 10,
                            .p50_ns = grace_period_ns,
                            .max_ns = 2 * grace_period_ns,
                            .expedited_per_second = 4321},
          .reads = 1000,
          .wrong = 0,
          .first_wrong = ""};
}

std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

// mb, memb-expedited, memb-non-expedited and rwlock in two rounds.
Comparison TwoRounds() {
  Comparison comparison;
  const std::vector<Strategy> all = DefaultStrategies();
  comparison.arms = {
      {all[0], {SampleOf(10e6, 300), SampleOf(20e6, 300)}},
      {all[1], {SampleOf(15e6, 2000), SampleOf(31e6, 2000)}},
      {all[2], {SampleOf(9e6, 8e6), SampleOf(21e6, 8e6)}},
      {all[3], {SampleOf(5e6, 0), SampleOf(10e6, 0)}},
  };
  return comparison;
}

TEST(RenderTable, ShowsMediansAndRatiosWithinRounds) {
  EXPECT_THAT(RenderTable(TwoRounds()),
              AllOf(HasSubstr("15.0M"),             // mb: the middle of 10 and 20.
                    HasSubstr("1.52 (1.50-1.55)"),  // memb-expedited.
                    HasSubstr("0.98 (0.90-1.05)"), HasSubstr("0.50 (0.50-0.50)"),
                    HasSubstr("2.00 us"), HasSubstr("8.00 ms"), HasSubstr("4.32k"),
                    HasSubstr("Medians of 2 rounds"), HasSubstr("closed loop")));
}

TEST(RenderTable, ShowsNoGracePeriodsOfALock) {
  Comparison comparison = TwoRounds();
  comparison.arms.erase(comparison.arms.begin(), comparison.arms.begin() + 3);
  const std::string table = RenderTable(comparison);
  EXPECT_THAT(table.substr(table.find("Grace periods")), Not(HasSubstr("0.00 ns")));
}

TEST(RenderTable, WithoutASampleThereIsADash) {
  Comparison comparison = TwoRounds();
  for (ArmResult& arm : comparison.arms) arm.samples.clear();
  EXPECT_THAT(RenderTable(comparison), HasSubstr(" - "));
  EXPECT_EQ(RenderWords(comparison), "");
  EXPECT_EQ(RenderRatioLines(comparison), "");
}

TEST(RenderReport, OfAnInterruptedComparisonSaysSo) {
  Comparison comparison = TwoRounds();
  comparison.interrupted = true;
  EXPECT_THAT(RenderReport(comparison, {}), HasSubstr("Interrupted; this is what"));
  for (ArmResult& arm : comparison.arms) arm.samples.clear();
  EXPECT_THAT(RenderReport(comparison, {}), HasSubstr("Nothing was measured yet."));
}

TEST(RenderWords, SayWhatTheFiguresSay) {
  EXPECT_THAT(OneLine(RenderWords(TwoRounds())),
              AllOf(HasSubstr("With a section a key memb-expedited reads 1.52 times "
                              "(1.50-1.55) as fast as mb;"),
                    Not(HasSubstr("within the noise")),
                    HasSubstr("2.00 us expedited and 8.00 ms non-expedited"),
                    HasSubstr("4.00k times as long")));
}

TEST(RenderWords, ASpreadThatCoversOneIsNoise) {
  Comparison comparison = TwoRounds();
  comparison.arms.erase(comparison.arms.begin() + 1);
  EXPECT_THAT(OneLine(RenderWords(comparison)),
              HasSubstr("With a section a key memb-non-expedited reads 0.98 times "
                        "(0.90-1.05: within the noise) as fast"));
}

TEST(RenderRatioLines, AreMadeForScripts) {
  EXPECT_THAT(
      RenderRatioLines(TwoRounds()),
      AllOf(HasSubstr("ratio loadtest.lookups.per_key.memb_expedited 1.52x vs mb\n"),
            HasSubstr("ratio loadtest.lookups.per_batch.rwlock 0.50x vs mb\n"),
            HasSubstr("ratio loadtest.grpc.memb_non_expedited 0.98x vs mb\n"),
            Not(HasSubstr(".mb "))));
}

TEST(RenderRatioLines, WithoutMbTheFirstIsTheBase) {
  Comparison comparison = TwoRounds();
  comparison.arms.erase(comparison.arms.begin());
  EXPECT_THAT(RenderRatioLines(comparison),
              HasSubstr("ratio loadtest.grpc.rwlock 0.33x vs memb_expedited\n"));
}

TEST(RenderRatioLines, AnUnfinishedRoundCountsForThoseThatHaveIt) {
  Comparison comparison = TwoRounds();
  comparison.arms[1].samples.pop_back();
  EXPECT_THAT(RenderRatioLines(comparison),
              HasSubstr("ratio loadtest.grpc.memb_expedited 1.50x vs mb\n"));
}

TEST(RenderChecks, CountsWrongAnswersAndQuotesTheFirst) {
  Comparison comparison = TwoRounds();
  EXPECT_THAT(RenderChecks(comparison), HasSubstr("8,000 reads checked, 0 wrong."));
  EXPECT_EQ(WrongReads(comparison), 0u);
  comparison.arms[2].samples[1].wrong = 3;
  comparison.arms[2].samples[1].first_wrong = "key a: not found";
  EXPECT_EQ(WrongReads(comparison), 3u);
  EXPECT_THAT(RenderChecks(comparison),
              AllOf(HasSubstr("3 wrong"),
                    HasSubstr("strategy memb-non-expedited, 3 reads; the first: key a")));
}

TEST(ToJson, HasEverySample) {
  const std::string text =
      ToJson(TwoRounds(), {.cpu = "a", .cores = 2, .kernel = "b", .compiler = "c"});
  const nlohmann::json json = nlohmann::json::parse(text);
  EXPECT_EQ(json["machine"]["cores"], 2);
  ASSERT_EQ(json["strategies"].size(), 4u);
  const nlohmann::json& memb = json["strategies"][1];
  EXPECT_EQ(memb["name"], "memb-expedited");
  ASSERT_EQ(memb["rounds"].size(), 2u);
  EXPECT_EQ(memb["rounds"][1]["grpc"]["reads_per_second"], 31e6);
  EXPECT_EQ(memb["rounds"][1]["grace_periods"]["p50_ns"], 2000);
  EXPECT_EQ(memb["rounds"][1]["grace_periods"]["expedited_per_second"], 4321);
}

}  // namespace
}  // namespace rcukv::loadtest
