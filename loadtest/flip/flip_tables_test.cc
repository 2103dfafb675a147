#include "loadtest/flip/flip_tables.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/flip/flip_result_for_test.h"

namespace rcukv::loadtest {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(FlipTables, ASpreadIsShownInTheUnitOfItsMedian) {
  EXPECT_EQ(ShowDurations({1.2e6, 0.98e6, 13.1e6, 6}), "1.20 ms (0.98-13.1)");
  EXPECT_EQ(ShowDurations({850, 0, 2500, 6}), "850 ns (0-2500)");
  EXPECT_EQ(ShowDurations({999'700, 999'700, 1e6, 6}), "1.00 ms (1.00-1.00)");
  EXPECT_EQ(ShowAmounts({10'100, 9'980, 10'250, 6}), "10.1k (9.98-10.2)");
  EXPECT_EQ(ShowAmounts({0, 0, 0, 6}), "0 (0-0)");
}

TEST(FlipTables, OneValueHasNoRangeAndNoneIsADash) {
  EXPECT_EQ(ShowAmounts({42, 42, 42, 1}), "42.0");
  EXPECT_EQ(ShowDurations({}), "-");
}

TEST(FlipTables, ThereIsARowForEachSetting) {
  const std::vector<Table> tables = FlipTables(SomeFlipResult());
  ASSERT_THAT(tables, SizeIs(4));
  EXPECT_THAT(tables[0].rows[0],
              ElementsAre("expedited/call_rcu", "10.0k (10.0-10.0)", "100 us (100-100)",
                          "205 us (200-210)", "410 us (400-420)"));
  EXPECT_EQ(tables[2].rows[0][2], "10.0 us (10.0-10.0)");
  EXPECT_EQ(tables[2].rows[1][2], "10.0 ms (10.0-10.0)");
  for (const Table& table : tables) {
    ASSERT_THAT(table.rows, SizeIs(2)) << table.caption;
    EXPECT_EQ(table.rows[1][0], "non_expedited/call_rcu");
    for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.columns.size());
  }
}

TEST(FlipTables, InterruptsThatAreNotKnownAreADash) {
  FlipResult result = SomeFlipResult();
  for (FlipPhase& phase : result.phases) phase.figures.interrupts.reset();
  EXPECT_EQ(FlipTables(result)[2].rows[0][4], "-");
}

TEST(FlipTables, WithoutACompletePhaseThereIsNoTable) {
  FlipResult result = SomeFlipResult();
  for (FlipPhase& phase : result.phases) phase.complete = phase.setting == 1;
  EXPECT_THAT(FlipTables(result)[0].rows, SizeIs(1));
  for (FlipPhase& phase : result.phases) phase.complete = false;
  EXPECT_THAT(FlipTables(result), IsEmpty());
}

}  // namespace
}  // namespace rcukv::loadtest
