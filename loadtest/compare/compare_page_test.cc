#include "loadtest/compare/compare_page.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/compare/case_names.h"
#include "loadtest/compare/comparison_for_test.h"
#include "loadtest/compare/noisy_comparison_for_test.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

Page PageOf(const Comparison& comparison) {
  return ComparePage(comparison, {}, "./run loadtest compare", absl::UnixEpoch());
}

std::vector<Chart> ChartsOf(const Page& page) {
  std::vector<Chart> charts;
  for (const Section& section : page.sections) {
    charts.insert(charts.end(), section.charts.begin(), section.charts.end());
  }
  return charts;
}

std::vector<std::string> IdsOf(const Page& page) {
  std::vector<std::string> ids;
  for (const Chart& chart : ChartsOf(page)) ids.push_back(chart.id);
  return ids;
}

Chart ChartOf(const Page& page, const std::string& id) {
  for (const Chart& chart : ChartsOf(page)) {
    if (chart.id == id) return chart;
  }
  ADD_FAILURE() << "there is no chart " << id;
  return {};
}

std::vector<std::string> NamesIn(const Chart& chart) {
  std::vector<std::string> names;
  for (const Line& line : chart.lines) names.push_back(line.name);
  return names;
}

auto Says(Verdict::Kind kind, const std::string& words) {
  return Contains(
      AllOf(Field(&Verdict::kind, kind), Field(&Verdict::text, HasSubstr(words))));
}

TEST(ComparePage, SaysWhatWasRunWhereAndHow) {
  const Page page = PageOf(MadeUpComparison());
  EXPECT_EQ(page.command, "./run loadtest compare");
  const auto fact = [](const std::string& name, const std::string& words) {
    return Contains(
        AllOf(Field(&Fact::name, name), Field(&Fact::text, HasSubstr(words))));
  };
  EXPECT_THAT(page.facts,
              AllOf(fact("How", "Medians of 6 rounds"), fact("Strategies", "mb, memb-"),
                    fact("Machine", "0 cores of"), fact("Libraries", "Chart.js 3."),
                    fact("Written", "1970-01-01 00:00:00 UTC")));
}

TEST(ComparePage, EveryLayerHasItsChartsAfterWhatTheyComeTo) {
  EXPECT_THAT(IdsOf(PageOf(NoisyComparison())),
              ElementsAre("dilution", "budget", "layer-1-0", "layer-2-0", "layer-3-0",
                          "layer-4-0", "layer-4-1", "layer-4-2", "layer-4-3", "layer-5-0",
                          "layer-5-1", "p50-call-rcu", "p50-synchronize", "p99-call-rcu",
                          "p99-synchronize", "p999-call-rcu", "p999-synchronize",
                          "gp-call-rcu", "gp-synchronize"));
}

TEST(ComparePage, ABarIsASpeedUpOverTheBaseWithItsInterval) {
  Comparison comparison = MadeUpComparison();
  CaseResult& primitive = CaseOf(comparison, kPrimitiveCase);
  // Of mb's 1 to 6 million in the rounds, twice as much but for two.
  primitive.samples[1][0].reads_per_second = 1.5e6;
  primitive.samples[1][5].reads_per_second = 18e6;
  const Chart chart = ChartOf(PageOf(comparison), "layer-1-0");
  // mb itself is what they are compared with.
  EXPECT_THAT(chart.y.names,
              ElementsAre("memb-expedited", "memb-non-expedited", "rwlock"));
  ASSERT_THAT(chart.lines, SizeIs(1));
  ASSERT_THAT(chart.lines[0].points, SizeIs(3));
  const Point& memb = chart.lines[0].points[0];
  EXPECT_DOUBLE_EQ(memb.x, 2);
  EXPECT_EQ(memb.y, 0);
  ASSERT_TRUE(memb.interval.has_value());
  EXPECT_DOUBLE_EQ(memb.interval->low, 1.5);
  EXPECT_DOUBLE_EQ(memb.interval->high, 3);
  EXPECT_DOUBLE_EQ(chart.lines[0].points[2].x, 0.5);
  EXPECT_THAT(chart.table.rows[0], ElementsAre("Title of primitive"));
  EXPECT_THAT(chart.table.rows[2],
              AllOf(Contains("  memb-expedited"), Contains("2.00 (1.50-3.00)")));
}

TEST(ComparePage, WithTooFewRoundsABarHasNoInterval) {
  Comparison comparison = MadeUpComparison();
  for (auto& samples : CaseOf(comparison, kPrimitiveCase).samples) samples.resize(5);
  const Chart chart = ChartOf(PageOf(comparison), "layer-1-0");
  EXPECT_FALSE(chart.lines[0].points[0].interval.has_value());
}

TEST(ComparePage, CasesOfOneGroupShareAChart) {
  const Page page = PageOf(NoisyComparison());
  const Chart chart = ChartOf(page, "layer-4-1");
  EXPECT_EQ(chart.title, "Reads/s: BatchGet, per_batch");
  EXPECT_THAT(NamesIn(chart), ElementsAre("1 keys", "16 keys", "100 keys", "1000 keys"));
  EXPECT_EQ(ChartOf(page, "layer-5-0").title, "The readers' p99: call_rcu");
}

TEST(ComparePage, AStrategyThatDidLessIsNotComparedButStandsWhereItIs) {
  const Page page = PageOf(NoisyComparison());
  const std::vector<std::string> names = ChartOf(page, "layer-5-1").y.names;
  const auto found = std::find(names.begin(), names.end(), "memb-non-expedited");
  ASSERT_NE(found, names.end());
  const auto row = static_cast<double>(found - names.begin());
  const auto has_row = Contains(Field(&Point::y, row));
  const std::vector<Line> bars = ChartOf(page, "layer-5-1").lines;
  EXPECT_THAT(bars[1].points, has_row);
  EXPECT_THAT(bars[2].points, Not(has_row));
  const Chart p99 = ChartOf(page, "p99-synchronize");
  const auto slow =
      std::find_if(p99.lines.begin(), p99.lines.end(),
                   [](const Line& line) { return line.name == "memb-non-expedited"; });
  ASSERT_NE(slow, p99.lines.end());
  EXPECT_NEAR(slow->points[2].x, 2500, 50);
}

TEST(ComparePage, PercentilesOfBothWaysToReclaimHaveOneScale) {
  const Page page = PageOf(NoisyComparison());
  const Chart call_rcu = ChartOf(page, "p999-call-rcu");
  const Chart synchronize = ChartOf(page, "p999-synchronize");
  EXPECT_THAT(call_rcu.lines, SizeIs(9));
  EXPECT_THAT(call_rcu.lines[0].points, SizeIs(3));
  EXPECT_EQ(call_rcu.x.within, synchronize.x.within);
  EXPECT_EQ(call_rcu.y.within, synchronize.y.within);
  // Locks have no grace periods.
  EXPECT_THAT(NamesIn(ChartOf(page, "gp-call-rcu")),
              AllOf(SizeIs(7), Not(Contains("rwlock"))));
}

TEST(ComparePage, TheDilutionHasARowForEachWork) {
  const Chart chart = ChartOf(PageOf(NoisyComparison()), "dilution");
  EXPECT_EQ(chart.title, "memb-expedited over mb, layer by layer");
  EXPECT_THAT(chart.y.names, SizeIs(28));
  EXPECT_EQ(chart.y.names[0], "1: 6 readers, 2 writers of one pointer");
  EXPECT_GT(chart.lines[0].points.front().x, 4);
  EXPECT_LT(chart.lines[0].points.back().x, 1.1);
}

TEST(ComparePage, TheBudgetBeginsWithTheBarrierAndComesToTheWhole) {
  const Chart chart = ChartOf(PageOf(NoisyComparison()), "budget");
  EXPECT_TRUE(chart.stacked);
  EXPECT_THAT(chart.y.names, SizeIs(4));
  EXPECT_EQ(NamesIn(chart).front(), "barrier");
  EXPECT_EQ(NamesIn(chart).back(), "kernel");
  double largest_call = 0;
  for (const Line& line : chart.lines) {
    for (const Point& point : line.points) {
      if (point.y == 3) largest_call += point.x;
    }
  }
  EXPECT_NEAR(largest_call, 100, 15);
}

TEST(ComparePage, WarnsWhereTheClientWasTheLimit) {
  Comparison comparison = NoisyComparison();
  EXPECT_THAT(PageOf(comparison).verdicts, Each(Field(&Verdict::kind, Verdict::kNote)));
  const std::string name = CallsCase(Rpc::kBatchGet, 1000, Sections::kOneABatch);
  for (Sample& sample : CaseOf(comparison, name).samples[0]) sample.client_busy = 0.97;
  EXPECT_THAT(PageOf(comparison).verdicts,
              Says(Verdict::kWarning, "At 1 of 22 works over gRPC the client was"));
}

TEST(ComparePage, TheWorstComesFirst) {
  Comparison comparison = MadeUpComparison();
  comparison.failure = absl::UnavailableError("strategy mb: gone");
  comparison.missing = {{"rseq-expedited", "no mm_cid"}};
  Sample& sample = CaseOf(comparison, kPrimitiveCase).samples[2][1];
  sample.wrong = 3;
  sample.first_wrong = "key a: not found";
  const std::vector<Verdict> verdicts = PageOf(comparison).verdicts;
  EXPECT_THAT(verdicts[0].text, HasSubstr("strategy mb: gone"));
  EXPECT_THAT(verdicts[1].text,
              AllOf(HasSubstr("memb-non-expedited"), HasSubstr("key a: not found")));
  EXPECT_THAT(verdicts, Says(Verdict::kWarning, "Without rseq-expedited: no mm_cid"));
  EXPECT_THAT(verdicts, Says(Verdict::kNote, "At the primitive memb-expedited reads"));
  EXPECT_THAT(verdicts.back().text, HasSubstr("216,000 reads checked, 3 wrong."));
}

TEST(ComparePage, NothingMeasuredIsNoChartAndSaysSo) {
  Comparison comparison = MadeUpComparison();
  comparison.interrupted = true;
  for (LayerResult& layer : comparison.layers) {
    for (CaseResult& result : layer.cases) {
      for (auto& samples : result.samples) samples.clear();
    }
  }
  const Page page = PageOf(comparison);
  EXPECT_THAT(IdsOf(page), IsEmpty());
  EXPECT_THAT(page.verdicts, AllOf(Says(Verdict::kWarning, "Interrupted"),
                                   Says(Verdict::kWarning, "Nothing was measured")));
}

TEST(ComparePage, WithoutMbThereIsNoDilution) {
  Comparison comparison = NoisyComparison();
  comparison.strategies.erase(comparison.strategies.begin());
  for (LayerResult& layer : comparison.layers) {
    for (CaseResult& result : layer.cases) result.samples.erase(result.samples.begin());
  }
  EXPECT_THAT(
      IdsOf(PageOf(comparison)),
      AllOf(Not(Contains("dilution")), Not(Contains("budget")), Contains("layer-1-0")));
}

}  // namespace
}  // namespace rcukv::loadtest
