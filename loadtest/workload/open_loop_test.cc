#include "loadtest/workload/open_loop.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "loadtest/workload/null_target.h"
#include "loadtest/workload/records.h"

namespace rcukv::loadtest {
namespace {

using Clock = Arrivals::Clock;

constexpr size_t kKeys = 100;
constexpr uint64_t kSeed = 1;
constexpr uint64_t kMillisecond = 1'000'000;

Operations OperationsOf(const char* workload) {
  return Operations(kSeed, *ParseWorkload(workload), {}, kKeys, /*max_scanned=*/1);
}

// Answers rightly, and counts its calls. Each takes a while, in the thread that makes it.
class SlowTarget : public NullTarget {
 public:
  SlowTarget(const Records& records, absl::Duration duration)
      : NullTarget(records, kKeys), duration_(duration) {}

  absl::StatusOr<std::optional<Value>> Get(const std::string& key) override {
    Count();
    if (fail) return absl::UnavailableError("gone");
    return NullTarget::Get(key);
  }

  absl::StatusOr<uint64_t> Put(const std::string& key, const std::string& value,
                               std::optional<uint64_t> expected) override {
    Count();
    return NullTarget::Put(key, value, expected);
  }

  void AwaitCalls(int calls) {
    absl::MutexLock lock(&mutex_);
    const auto enough = [&]() { return calls_ >= calls; };
    mutex_.Await(absl::Condition(&enough));
  }

  bool fail = false;

 private:
  void Count() {
    absl::SleepFor(duration_);
    absl::MutexLock lock(&mutex_);
    ++calls_;
  }

  const absl::Duration duration_;
  absl::Mutex mutex_;
  int calls_ = 0;
};

// Keeps the gets that come, until it is told to answer them; does not hold anyone up.
class HoldingTarget : public NullTarget {
 public:
  explicit HoldingTarget(const Records& records) : NullTarget(records, kKeys) {}

  void GetAsync(const std::string& key, GetDone done) override {
    {
      absl::MutexLock lock(&mutex_);
      if (holding_) {
        held_.emplace_back(key, std::move(done));
        return;
      }
    }
    done(Get(key));
  }

  void AwaitHeld(size_t gets) {
    absl::MutexLock lock(&mutex_);
    const auto enough = [&]() { return held_.size() >= gets; };
    mutex_.Await(absl::Condition(&enough));
  }

  // Those that are held, and all that follow, at once.
  void Release() {
    std::deque<std::pair<std::string, GetDone>> held;
    {
      absl::MutexLock lock(&mutex_);
      holding_ = false;
      held.swap(held_);
    }
    for (auto& [key, done] : held) done(Get(key));
  }

  size_t held() {
    absl::MutexLock lock(&mutex_);
    return held_.size();
  }

 private:
  absl::Mutex mutex_;
  bool holding_ = true;
  std::deque<std::pair<std::string, GetDone>> held_;
};

class OpenLoopTest : public testing::Test {
 protected:
  // A load of such operations a second; they end after `duration`.
  std::unique_ptr<OpenLoop> Start(Target& target, const char* workload, size_t at_once,
                                  double rate,
                                  Clock::duration duration = std::chrono::hours(1)) {
    const Clock::time_point start = Clock::now();
    kinds_.clear();
    kinds_.emplace_back(target, records_, ledger_, tally_);
    schedule_.emplace(OperationsOf(workload), Arrivals(start, rate, kSeed), ledger_);
    schedule_->EndAt(start + duration);
    return std::make_unique<OpenLoop>(at_once, kinds_, *schedule_, recorder_, tally_);
  }

  const Records records_{kSeed, Sizes(Sizes::kFixed, {24, 24}),
                         Sizes(Sizes::kFixed, {20, 20})};
  RevisionLedger ledger_{kKeys, 1};
  Tally tally_;
  Recorder recorder_;
  std::vector<Caller> kinds_;
  std::optional<Schedule> schedule_;
};

// The mistake that is called coordinated omission: a server that is too slow delays the
// calls behind, and their waiting is left out.
TEST_F(OpenLoopTest, TheLatencyFromTheDueTimeHasTheWaitingInIt) {
  constexpr absl::Duration kCall = absl::Milliseconds(5);
  SlowTarget target(records_, kCall);
  // Five times as many as one thread can do, which here is that of the loop.
  const auto load = Start(target, "c", 1, 1000);
  target.AwaitCalls(50);
  load->Stop(Clock::now());
  const auto measured = recorder_.Take();
  const uint64_t call = static_cast<uint64_t>(absl::ToInt64Nanoseconds(kCall));
  ASSERT_GE(measured->count(), 50u);
  // A bucket is reported as its middle, up to 1 % below.
  EXPECT_GE(measured->AllFromSend().Percentile(0), call * 99 / 100);
  // The last is due after about 50 ms, and sent after 245 at the earliest.
  EXPECT_GE(measured->late().max(), 20 * call);
  EXPECT_GE(measured->AllFromDue().max(), measured->late().max() + call);
}

TEST_F(OpenLoopTest, GetsDoNotWaitForOneAnother) {
  HoldingTarget target(records_);
  const auto load = Start(target, "c", 1000, 1e6);
  target.AwaitHeld(100);
  target.Release();
  load->Stop(Clock::now());
  EXPECT_GE(recorder_.Take()->count(), 100u);
  EXPECT_EQ(tally_.wrong(), 0u) << tally_.first_wrong();
}

TEST_F(OpenLoopTest, OperationsThatBlockDoNotHoldUpTheRest) {
  SlowTarget target(records_, absl::Milliseconds(5));
  // By one thread it would be fifty times 5 ms at least.
  const auto load = Start(target, "put:1", 100, 1e5);
  target.AwaitCalls(50);
  load->Stop(Clock::now());
  const auto measured = recorder_.Take();
  EXPECT_GE(measured->count(OperationKind::kPut), 50u);
  EXPECT_EQ(tally_.wrong(), 0u) << tally_.first_wrong();
}

TEST_F(OpenLoopTest, NoMoreAreUnderWayThanMayBe) {
  HoldingTarget target(records_);
  const auto load = Start(target, "c", 7, 1e6, std::chrono::milliseconds(1));
  target.AwaitHeld(7);
  // An eighth would come within this time, if it came; that it does not come cannot be
  // waited for.
  absl::SleepFor(absl::Milliseconds(20));
  EXPECT_EQ(target.held(), 7u);
  target.Release();
  load->Stop(Clock::time_point::max());
  EXPECT_GT(recorder_.Take()->count(), 500u);
}

TEST_F(OpenLoopTest, CallsThatAreLateForWantOfACallerAreToldFromOthers) {
  HoldingTarget target(records_);
  const auto load = Start(target, "c", 2, 1e4, std::chrono::milliseconds(50));
  target.AwaitHeld(2);
  absl::SleepFor(absl::Milliseconds(60));
  target.Release();
  load->Stop(Clock::time_point::max());
  const auto measured = recorder_.Take();
  // Some 500 were due meanwhile, the last of them 10 ms before.
  EXPECT_GT(measured->late_for_callers(), 300u);
  EXPECT_GE(measured->late_calls(), measured->late_for_callers());
}

TEST_F(OpenLoopTest, CallsThatAreLateForWantOfAProcessorAreNoOnesButTheGenerators) {
  // What stalls is the sending thread; there are callers enough.
  SlowTarget target(records_, absl::Milliseconds(5));
  const auto load = Start(target, "c", 1000, 1000);
  target.AwaitCalls(20);
  load->Stop(Clock::now());
  const auto measured = recorder_.Take();
  EXPECT_GE(measured->late_calls(), 10u);
  EXPECT_EQ(measured->late_for_callers(), 0u);
}

TEST_F(OpenLoopTest, OneThatWaitsForADueTimeCanBeStopped) {
  SlowTarget target(records_, absl::ZeroDuration());
  // The first is due in an hour or so; returns long before.
  Start(target, "a", 4, 1.0 / 3600)->Stop(Clock::now());
  EXPECT_EQ(recorder_.Take()->count(), 0u);
}

TEST_F(OpenLoopTest, OneThatWaitsForACallerCanBeStopped) {
  HoldingTarget target(records_);
  const auto load = Start(target, "c", 3, 1e6);
  target.AwaitHeld(3);
  tally_.Fail(absl::UnavailableError("gone"));
  target.Release();
  load->Stop(Clock::time_point::max());
  EXPECT_LE(recorder_.Take()->count(), 5u);
}

// The same mistake at the end: the calls that wait for the slowest are left out.
TEST_F(OpenLoopTest, AllThatIsDueBeforeTheEndIsDoneAfterIt) {
  SlowTarget target(records_, absl::Milliseconds(5));
  const auto load = Start(target, "a", 1, 1000, std::chrono::milliseconds(50));
  load->Stop(Clock::time_point::max());
  // 50 but for chance, of which the standard deviation is 7.
  EXPECT_NEAR(static_cast<double>(recorder_.Take()->count()), 50, 35);
  EXPECT_EQ(schedule_->backlog().count, 0u);
}

TEST_F(OpenLoopTest, WhatWasNotSentIsTheBacklogOfTheSchedule) {
  SlowTarget target(records_, absl::ZeroDuration());
  const auto load = Start(target, "a", 2, 1000, std::chrono::seconds(10));
  target.AwaitCalls(1);
  load->Stop(Clock::now());
  // 10,000 but for chance, of which the standard deviation is 100.
  EXPECT_NEAR(static_cast<double>(recorder_.Take()->count() + schedule_->backlog().count),
              10'000, 500);
}

TEST_F(OpenLoopTest, ACallThatFailsStopsIt) {
  SlowTarget target(records_, absl::ZeroDuration());
  target.fail = true;
  const auto load = Start(target, "a", 2, 1e5);
  load->Stop(Clock::time_point::max());
  EXPECT_GE(recorder_.Take()->unanswered().count(), 1u);
  EXPECT_EQ(tally_.failure().message(), "gone");
}

}  // namespace
}  // namespace rcukv::loadtest
