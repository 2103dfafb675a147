#include "loadtest/workload/backlog.h"

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

using Clock = Arrivals::Clock;

constexpr double kSecond = 1e9;

TEST(RecordBacklog, EachCallHadWaitedSinceItWasDue) {
  const Clock::time_point first = Clock::now();
  const Backlog backlog = {
      .count = 25'000'003, .first = first, .end = first + std::chrono::seconds(1)};
  Measurement measurement;
  RecordBacklog(backlog, first + std::chrono::seconds(2), measurement);
  const LatencyHistogram& waited = measurement.unanswered();
  EXPECT_EQ(waited.count(), backlog.count);
  EXPECT_EQ(waited.max(), 2'000'000'000u);
  EXPECT_NEAR(static_cast<double>(waited.Percentile(50)), 1.5 * kSecond, 0.02 * kSecond);
  EXPECT_NEAR(static_cast<double>(waited.Percentile(0)), 1 * kSecond, 0.02 * kSecond);
  EXPECT_EQ(measurement.count(), 0u);
}

TEST(RecordBacklog, OfNothingIsNothing) {
  Measurement measurement;
  RecordBacklog({}, Clock::now(), measurement);
  EXPECT_TRUE(measurement.empty());
}

}  // namespace
}  // namespace rcukv::loadtest
