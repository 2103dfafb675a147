#include "loadtest/workload/overhead.h"

#include <cstddef>
#include <string>

#include "gtest/gtest.h"
#include "loadtest/workload/caller.h"
#include "loadtest/workload/null_target.h"

namespace rcukv::loadtest {
namespace {

TEST(GeneratorNanoseconds, IsMeasuredForEveryWorkload) {
  for (const char* workload : {"a", "b", "c", "d", "e", "f"}) {
    const auto options = ParseRunOptions({std::string("--workload=") + workload});
    ASSERT_TRUE(options.ok()) << options.status();
    EXPECT_GT(GeneratorNanoseconds(*options), 0);
  }
}

TEST(MeasureNullTarget, IsTheLoadAtItsRateWithoutANetwork) {
  const auto options = ParseRunOptions({"--overhead=200ms", "--workload=a"});
  ASSERT_TRUE(options.ok()) << options.status();
  const MeasuredPhase phase = MeasureNullTarget(*options, 1000);
  EXPECT_EQ(phase.asked_rate, 1000);
  // 200 but for chance, of which the standard deviation is 14; and all were answered,
  // however late.
  EXPECT_NEAR(static_cast<double>(phase.measured->count()), 200, 100);
  EXPECT_EQ(phase.measured->late().count(), phase.measured->count());
  EXPECT_GT(phase.cpu_nanoseconds(), 0);
}

TEST(MeanNanoseconds, OperationsThatTakeLongAreFew) {
  double now = 0;
  int calls = 0;
  const auto operation = [&] {
    ++calls;
    now += 1e9;
  };
  EXPECT_EQ(MeanNanoseconds(operation, [&] { return now; }), 1e9);
  EXPECT_EQ(calls, 2);
}

TEST(MeanNanoseconds, OperationsThatTakeLittleAreManyBetweenTwoLooksAtTheClock) {
  double now = 0;
  int looks = 0;
  const auto clock = [&] {
    ++looks;
    return now;
  };
  EXPECT_EQ(MeanNanoseconds([&] { now += 100; }, clock), 100);
  EXPECT_GE(now, 100 * 10'000);
  EXPECT_LE(looks, 200);
}

// Otherwise the cost would be that of counting wrong answers.
TEST(NullTarget, ItsAnswersAreRight) {
  const Records records(1, Sizes(Sizes::kFixed, {24, 24}),
                        Sizes(Sizes::kUniform, {20, 200}));
  NullTarget target(records, 50);
  RevisionLedger ledger(100, 1);
  Tally tally;
  const Caller caller(target, records, ledger, tally);
  for (size_t index = 0; index < 100; ++index) {
    for (const OperationKind kind :
         {OperationKind::kGet, OperationKind::kPut, OperationKind::kGet,
          OperationKind::kReadModifyWrite, OperationKind::kScan}) {
      ASSERT_TRUE(
          caller.Do({.number = 5, .kind = kind, .index = index, .scanned = 10}).ok());
    }
  }
  EXPECT_EQ(tally.wrong(), 0u) << tally.first_wrong();
}

}  // namespace
}  // namespace rcukv::loadtest
