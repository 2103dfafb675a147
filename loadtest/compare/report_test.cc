#include "loadtest/compare/report.h"

#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/base/text_table.h"
#include "loadtest/compare/comparison_for_test.h"
#include "loadtest/compare/noisy_comparison_for_test.h"
#include "loadtest/compare/report_table.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(RenderLayer, HasARowForEachStrategyWithItsSpeedUp) {
  const Comparison comparison = MadeUpComparison();
  const std::string table = RenderLayer(comparison, comparison.layers[0]);
  EXPECT_THAT(table, HasSubstr("Layer 1: some place\nWhat is done there.\n"));
  EXPECT_THAT(table, ContainsRegex("Title of primitive\n  mb +3.50M +1 +1.00 us +1 "));
  EXPECT_THAT(table, ContainsRegex("memb-expedited +7.00M +2.00 \\(2.00-2.00\\) +500 ns "
                                   "+2.00 \\(2.00-2.00\\) +1.00k\n"));
  EXPECT_THAT(table, ContainsRegex("rwlock +1.75M +0.50 \\(0.50-0.50\\) "));
}

TEST(RenderLayer, AFigureThatThereIsNotIsADash) {
  const Comparison comparison = MadeUpComparison();
  // A lock has no grace periods.
  EXPECT_THAT(RenderLayer(comparison, comparison.layers[4]),
              ContainsRegex("rwlock +1.00 ms +2.00 ms .* 1.00k +-\n"));
}

TEST(CaptionOf, SaysHowManyRoundsAndWhatTheBracketsAre) {
  Comparison comparison = MadeUpComparison();
  EXPECT_THAT(CaptionOf(comparison),
              AllOf(HasSubstr("Medians of 6 rounds"), HasSubstr("95 %")));
  for (LayerResult& layer : comparison.layers) {
    for (CaseResult& result : layer.cases) {
      for (auto& samples : result.samples) samples.resize(5);
    }
  }
  EXPECT_THAT(CaptionOf(comparison),
              AllOf(HasSubstr("Medians of 5 rounds"), HasSubstr("the smallest and")));
}

TEST(RenderReport, NamesTheStrategiesThatTheMachineLacks) {
  Comparison comparison = MadeUpComparison();
  comparison.missing = {{"rseq-expedited", "no mm_cid"}};
  EXPECT_THAT(RenderReport(comparison, {}),
              HasSubstr("\nWithout rseq-expedited: no mm_cid.\n"));
}

TEST(RenderReport, IsNoWiderThanATerminal) {
  const Comparison comparison = NoisyComparison();
  std::istringstream report(RenderReport(comparison, {}));
  for (std::string line; std::getline(report, line);) {
    // Those are for scripts.
    if (line.starts_with("ratio ")) continue;
    EXPECT_LE(line.size(), kTerminalColumns) << line;
  }
}

TEST(RenderReport, OfAComparisonThatWasCutShortSaysSo) {
  Comparison comparison = MadeUpComparison();
  comparison.interrupted = true;
  EXPECT_THAT(RenderReport(comparison, {}), HasSubstr("Interrupted; this is what"));
  comparison.interrupted = false;
  comparison.failure = absl::UnavailableError("strategy mb: gone");
  EXPECT_THAT(RenderReport(comparison, {}), HasSubstr("FAILED: strategy mb: gone"));
  comparison.layers.clear();
  EXPECT_THAT(RenderReport(comparison, {}), HasSubstr("Nothing was measured yet."));
}

TEST(RenderReport, HasEveryPart) {
  EXPECT_THAT(
      RenderReport(MadeUpComparison(), {}),
      AllOf(HasSubstr("Layer 1: "), HasSubstr("Layer 5: "), HasSubstr("Dilution: "),
            HasSubstr("Budget of a call: "), HasSubstr("At the primitive"),
            HasSubstr("reads checked"), HasSubstr("ratio loadtest.primitive.")));
}

TEST(RenderRatioLines, AreMadeForScripts) {
  EXPECT_THAT(
      RenderRatioLines(MadeUpComparison()),
      AllOf(HasSubstr("ratio loadtest.lookups.per_key.memb_expedited 2.00x vs mb\n"),
            HasSubstr("ratio loadtest.lookups.per_batch.rwlock 0.50x vs mb\n"),
            HasSubstr("ratio loadtest.primitive.by_cpu.memb_non_expedited 2.10x vs mb\n"),
            HasSubstr("ratio loadtest.grpc.batch_get.100.per_batch.memb_expedited 1.00x"),
            Not(HasSubstr(".mb "))));
}

TEST(RenderRatioLines, WithoutMbTheFirstIsTheBase) {
  Comparison comparison = MadeUpComparison();
  comparison.strategies[0] = ParseStrategies("signal")->front();
  EXPECT_THAT(RenderRatioLines(comparison),
              HasSubstr("ratio loadtest.primitive.rwlock 0.50x vs signal\n"));
}

TEST(RenderRatioLines, AnUnfinishedRoundCountsForThoseThatHaveIt) {
  Comparison comparison = MadeUpComparison();
  CaseResult& result = CaseOf(comparison, "primitive");
  result.samples[0].resize(2);
  result.samples[1].resize(1);
  result.samples[1][0].reads_per_second = 7e6;
  EXPECT_THAT(RenderRatioLines(comparison),
              HasSubstr("ratio loadtest.primitive.memb_expedited 7.00x vs mb\n"));
}

TEST(WrongAnswers, AreCountedAndTheFirstIsQuoted) {
  Comparison comparison = MadeUpComparison();
  EXPECT_EQ(ChecksOf(comparison), "216,000 reads checked, 0 wrong.");
  EXPECT_THAT(WrongAnswers(comparison), IsEmpty());
  EXPECT_EQ(WrongReads(comparison), 0u);
  Sample& sample = CaseOf(comparison, "primitive").samples[2][1];
  sample.wrong = 3;
  sample.first_wrong = "key a: not found";
  EXPECT_EQ(WrongReads(comparison), 3u);
  EXPECT_EQ(ChecksOf(comparison), "216,000 reads checked, 3 wrong.");
  EXPECT_THAT(WrongAnswers(comparison),
              ElementsAre("strategy memb-non-expedited, primitive, 3 reads; the first: "
                          "key a: not found"));
  EXPECT_THAT(RenderReport(comparison, {}), HasSubstr("\nWRONG: strategy memb-non-"));
}

}  // namespace
}  // namespace rcukv::loadtest
