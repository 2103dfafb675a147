#include "loadtest/flip/flip_figures.h"

#include <chrono>

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

Measurement Of(OperationKind kind, std::initializer_list<Latency> latencies) {
  Measurement measurement;
  for (const Latency& latency : latencies) measurement.Record(kind, latency);
  return measurement;
}

// After so many grace periods of 3 ms each.
v1::GetStatusResponse StatusAfter(uint64_t grace_periods) {
  v1::GetStatusResponse status;
  status.mutable_grace_periods()->set_completed(grace_periods);
  status.mutable_grace_periods()->set_latency_sum_ns(grace_periods * 3'000'000);
  v1::LatencyBucket* const fast = status.mutable_grace_periods()->add_latency();
  fast->set_upper_bound_ns(2'000'000);
  v1::LatencyBucket* const slow = status.mutable_grace_periods()->add_latency();
  slow->set_upper_bound_ns(4'000'000);
  slow->set_count(grace_periods);
  return status;
}

TEST(FlipFigures, WhatCountsIsCountedFromTheFirstLookToTheSecond) {
  Observation before = {.at = {}, .status = StatusAfter(10), .interrupts = 1000};
  before.status.mutable_membarrier()->set_expedited_calls(5);
  before.status.mutable_membarrier()->set_non_expedited_calls(6);
  before.status.mutable_membarrier()->set_global_expedited_calls(7);
  before.status.mutable_backlog()->set_entries(99);
  Observation after = {.at = before.at + std::chrono::milliseconds(500),
                       .status = StatusAfter(14),
                       .interrupts = 1600};
  after.status.mutable_membarrier()->set_expedited_calls(15);
  after.status.mutable_membarrier()->set_non_expedited_calls(26);
  after.status.mutable_membarrier()->set_global_expedited_calls(37);
  after.status.mutable_backlog()->set_entries(3);
  after.status.mutable_backlog()->set_bytes(300);

  const FlipFigures figures = FiguresBetween(before, after, {}, {});
  EXPECT_DOUBLE_EQ(figures.seconds, 0.5);
  EXPECT_EQ(figures.grace_periods, 4u);
  EXPECT_EQ(figures.grace_period_mean_ns, 3e6);
  EXPECT_EQ(figures.grace_period_p99_ns, 4e6);
  EXPECT_EQ(figures.expedited_calls, 10u);
  EXPECT_EQ(figures.non_expedited_calls, 20u);
  EXPECT_EQ(figures.global_expedited_calls, 30u);
  EXPECT_EQ(figures.interrupts, 600u);
  EXPECT_DOUBLE_EQ(figures.Rate(*figures.interrupts), 1200);
  // Of the second look alone.
  EXPECT_EQ(figures.backlog_entries, 3u);
  EXPECT_EQ(figures.backlog_bytes, 300u);
}

TEST(FlipFigures, WithoutGracePeriodsTheyHaveNoLatency) {
  const Observation look = {.at = {}, .status = StatusAfter(10), .interrupts = {}};
  const FlipFigures figures = FiguresBetween(look, look, {}, {});
  EXPECT_EQ(figures.grace_periods, 0u);
  EXPECT_EQ(figures.grace_period_mean_ns, std::nullopt);
  EXPECT_EQ(figures.grace_period_p99_ns, std::nullopt);
  EXPECT_EQ(figures.Rate(5), 0) << "no time has passed";
}

TEST(FlipFigures, InterruptsThatAreNotShownAreAbsentNotNone) {
  Observation before = {.at = {}, .status = {}, .interrupts = {}};
  Observation after = {.at = {}, .status = {}, .interrupts = 5};
  EXPECT_EQ(FiguresBetween(before, after, {}, {}).interrupts, std::nullopt);
  EXPECT_EQ(FiguresBetween(after, before, {}, {}).interrupts, std::nullopt);
}

TEST(FlipFigures, LatenciesAreFromTheDueTimeAndReadsAreNotWrites) {
  const Measurement reads = Of(OperationKind::kGet, {{.from_send = 10, .from_due = 10},
                                                     {.from_send = 20, .from_due = 60}});
  const Measurement writes = Of(OperationKind::kPut, {{.from_send = 30, .from_due = 30}});
  const FlipFigures figures = FiguresBetween({}, {}, reads, writes);
  EXPECT_EQ(figures.reads.done, 2u);
  EXPECT_EQ(figures.reads.p50, 10u);
  EXPECT_EQ(figures.reads.p99, 60u);
  EXPECT_EQ(figures.reads.max, 60u);
  EXPECT_EQ(figures.reads.sent_p99, 20u);
  EXPECT_EQ(figures.reads.late_p99, 40u);
  EXPECT_EQ(figures.writes.done, 1u);
  EXPECT_EQ(figures.writes.p50, 30u);
}

TEST(FlipFigures, ACallThatWasNotAnsweredCountsWithTheTimeItHadWaited) {
  Measurement reads;
  reads.RecordUnanswered(50);
  const CallFigures figures = FiguresOf(reads);
  EXPECT_EQ(figures.done, 0u);
  EXPECT_EQ(figures.max, 50u);
}

}  // namespace
}  // namespace rcukv::loadtest
