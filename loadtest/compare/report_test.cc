#include "loadtest/compare/report.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/compare/comparison_for_test.h"
#include "loadtest/compare/report_table.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
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
              ContainsRegex("rwlock +1.00 ms +2.00 ms .* 1.00k +- +-\n"));
}

TEST(RenderCaption, NamesTheStrategiesThatTheMachineLacks) {
  Comparison comparison = MadeUpComparison();
  comparison.missing = {{"rseq-expedited", "no mm_cid"}};
  EXPECT_THAT(RenderCaption(comparison),
              AllOf(HasSubstr("Medians of 6 rounds"), HasSubstr("95 %"),
                    HasSubstr("Without rseq-expedited: no mm_cid.")));
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

TEST(RenderChecks, CountsWrongAnswersAndQuotesTheFirst) {
  Comparison comparison = MadeUpComparison();
  EXPECT_THAT(RenderChecks(comparison), HasSubstr("216,000 reads checked, 0 wrong."));
  EXPECT_EQ(WrongReads(comparison), 0u);
  Sample& sample = CaseOf(comparison, "primitive").samples[2][1];
  sample.wrong = 3;
  sample.first_wrong = "key a: not found";
  EXPECT_EQ(WrongReads(comparison), 3u);
  EXPECT_THAT(RenderChecks(comparison),
              AllOf(HasSubstr("3 wrong"),
                    HasSubstr("strategy memb-non-expedited, primitive, 3 reads; the "
                              "first: key a")));
}

}  // namespace
}  // namespace rcukv::loadtest
