#include "loadtest/workload/callers.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "loadtest/workload/records.h"

namespace rcukv::loadtest {
namespace {

constexpr size_t kKeys = 100;
constexpr uint64_t kSeed = 1;

Operations SomeOperations() {
  return Operations(kSeed, *ParseWorkload("a"), {}, kKeys, /*max_scanned=*/1);
}

// Takes a while for each call; all of them fail when it is told so.
class SlowTarget : public Target {
 public:
  SlowTarget(const Records& records, absl::Duration duration)
      : records_(records), duration_(duration) {}

  absl::StatusOr<std::optional<Value>> Get(const std::string& key) override {
    Count();
    if (fail) return absl::UnavailableError("gone");
    return Value{.value = records_.Value(*records_.IndexOf(key), 0), .mod_revision = 1};
  }

  absl::StatusOr<uint64_t> Put(const std::string&, const std::string&,
                               std::optional<uint64_t>) override {
    Count();
    if (fail) return absl::UnavailableError("gone");
    return 1;
  }

  absl::StatusOr<std::vector<Entry>> Scan(size_t) override {
    return std::vector<Entry>();
  }

  void AwaitCalls(int calls) {
    wanted_ = calls;
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](SlowTarget* target) { return target->calls_ >= target->wanted_; }, this));
  }

  bool fail = false;

 private:
  void Count() {
    absl::SleepFor(duration_);
    absl::MutexLock lock(&mutex_);
    ++calls_;
  }

  const Records& records_;
  const absl::Duration duration_;
  int wanted_ = 0;
  absl::Mutex mutex_;
  int calls_ = 0;
};

class CallersTest : public testing::Test {
 protected:
  // Until the target was called so often.
  void Run(SlowTarget& target, size_t callers, std::optional<double> rate, int calls) {
    const std::vector<Caller> kinds = {Caller(target, records_, ledger_, tally_)};
    std::optional<Arrivals> arrivals;
    if (rate.has_value()) arrivals.emplace(Arrivals::Clock::now(), *rate, kSeed);
    Schedule schedule(SomeOperations(), arrivals, ledger_);
    const Callers running(callers, kinds, schedule, recorder_, tally_);
    target.AwaitCalls(calls);
  }

  const Records records_{kSeed, Sizes(Sizes::kFixed, {24, 24}),
                         Sizes(Sizes::kFixed, {20, 20})};
  RevisionLedger ledger_{kKeys, 1};
  Tally tally_;
  Recorder recorder_;
};

// The mistake that is called coordinated omission: a server that is too slow delays the
// calls behind, and their waiting is left out.
TEST_F(CallersTest, InAnOpenLoopTheLatencyFromTheDueTimeHasTheWaitingInIt) {
  constexpr absl::Duration kCall = absl::Milliseconds(5);
  SlowTarget target(records_, kCall);
  // Five times as many as it can answer.
  Run(target, 1, 1000, 50);
  const auto measured = recorder_.Take();
  const uint64_t call = static_cast<uint64_t>(absl::ToInt64Nanoseconds(kCall));
  ASSERT_GE(measured->count(), 50u);
  // A bucket is reported as its middle, up to 1 % below.
  EXPECT_GE(measured->AllFromSend().Percentile(0), call * 99 / 100);
  // The last is due after about 50 ms, and sent after 245 at the earliest.
  EXPECT_GE(measured->late().max(), 20 * call);
  EXPECT_GE(measured->AllFromDue().max(), measured->late().max() + call);
}

TEST_F(CallersTest, InAClosedLoopNothingIsLate) {
  SlowTarget target(records_, absl::ZeroDuration());
  Run(target, 4, std::nullopt, 1000);
  const auto measured = recorder_.Take();
  EXPECT_GE(measured->count(), 1000u);
  EXPECT_EQ(measured->late().max(), 0u);
  EXPECT_GT(measured->count(OperationKind::kGet), 0u);
  EXPECT_GT(measured->count(OperationKind::kPut), 0u);
  EXPECT_EQ(recorder_.Take()->count(), 0u) << "what was taken is gone";
}

TEST_F(CallersTest, CallersThatWaitForADueTimeCanBeStopped) {
  SlowTarget target(records_, absl::ZeroDuration());
  // The first is due in an hour or so; returns long before.
  Run(target, 4, 1.0 / 3600, 0);
  EXPECT_EQ(recorder_.Take()->count(), 0u);
}

// The same mistake at the end: the calls that wait for the slowest are left out.
TEST_F(CallersTest, AllThatIsDueBeforeTheEndIsDoneAfterIt) {
  const Arrivals::Clock::time_point start = Arrivals::Clock::now();
  const Arrivals::Clock::time_point end = start + std::chrono::milliseconds(50);
  const Arrivals arrivals(start, 1000, kSeed);
  uint64_t due = 0;
  for (Arrivals each = arrivals; each.due() < end; each.Advance()) ++due;
  SlowTarget target(records_, absl::Milliseconds(5));
  const std::vector<Caller> kinds = {Caller(target, records_, ledger_, tally_)};
  Schedule schedule(SomeOperations(), arrivals, ledger_);
  schedule.EndAt(end);
  Callers running(1, kinds, schedule, recorder_, tally_);
  running.Stop(Arrivals::Clock::time_point::max());
  EXPECT_EQ(recorder_.Take()->count(), due);
  EXPECT_EQ(schedule.backlog().count, 0u);
}

TEST_F(CallersTest, WhatNobodySentIsTheBacklogOfTheSchedule) {
  const Arrivals::Clock::time_point start = Arrivals::Clock::now();
  SlowTarget target(records_, absl::ZeroDuration());
  const std::vector<Caller> kinds = {Caller(target, records_, ledger_, tally_)};
  Schedule schedule(SomeOperations(), Arrivals(start, 1000, kSeed), ledger_);
  schedule.EndAt(start + std::chrono::seconds(10));
  Callers running(2, kinds, schedule, recorder_, tally_);
  target.AwaitCalls(1);
  running.Stop(Arrivals::Clock::now());
  // 10,000 but for chance, of which the standard deviation is 100.
  EXPECT_NEAR(static_cast<double>(recorder_.Take()->count() + schedule.backlog().count),
              10'000, 500);
}

TEST_F(CallersTest, ACallThatFailsStopsThem) {
  SlowTarget target(records_, absl::ZeroDuration());
  target.fail = true;
  Run(target, 2, std::nullopt, 1);
  EXPECT_GE(recorder_.Take()->unanswered().count(), 1u);
  EXPECT_TRUE(tally_.failed());
  EXPECT_EQ(tally_.failure().message(), "gone");
}

TEST(Schedule, OfAnOpenLoopEndsWhereItIsToldTo) {
  const Arrivals::Clock::time_point start = Arrivals::Clock::now();
  const Arrivals::Clock::time_point end = start + std::chrono::seconds(1);
  RevisionLedger ledger(kKeys, 1);
  Schedule schedule(SomeOperations(), Arrivals(start, 100, kSeed), ledger);
  schedule.EndAt(end);
  schedule.EndAt(end + std::chrono::seconds(1));
  int taken = 0;
  for (std::optional<Turn> turn; (turn = schedule.Take()).has_value(); ++taken) {
    EXPECT_LT(*turn->due, end);
  }
  EXPECT_NEAR(taken, 100, 50);
}

TEST(Schedule, IsTheSameSequenceHoweverManyTakeFromIt) {
  constexpr size_t kThreads = 4;
  constexpr size_t kTurns = 1000;
  RevisionLedger ledger(kKeys, 1);
  Schedule schedule(SomeOperations(), std::nullopt, ledger);
  std::vector<std::vector<Operation>> taken(kThreads);
  std::vector<std::thread> threads;
  for (std::vector<Operation>& mine : taken) {
    threads.emplace_back([&schedule, &mine] {
      for (size_t i = 0; i < kTurns; ++i) mine.push_back(schedule.Take()->operation);
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<Operation> all;
  for (const std::vector<Operation>& some : taken) {
    all.insert(all.end(), some.begin(), some.end());
  }
  std::sort(all.begin(), all.end(),
            [](const Operation& a, const Operation& b) { return a.number < b.number; });
  Operations alone = SomeOperations();
  for (const Operation& operation : all) EXPECT_EQ(operation, alone.Next());
}

}  // namespace
}  // namespace rcukv::loadtest
