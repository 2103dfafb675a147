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
#include "gtest/gtest.h"
#include "loadtest/workload/records.h"

namespace rcukv::loadtest {
namespace {

constexpr size_t kKeys = 100;
constexpr uint64_t kSeed = 1;

Operations SomeOperations() {
  return Operations(kSeed, *ParseWorkload("a"), {}, kKeys, /*max_scanned=*/1);
}

// Counts its calls, which all fail when it is told so.
class CountingTarget : public Target {
 public:
  explicit CountingTarget(const Records& records) : records_(records) {}

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
    absl::MutexLock lock(&mutex_);
    const auto enough = [&]() { return calls_ >= calls; };
    mutex_.Await(absl::Condition(&enough));
  }

  bool fail = false;

 private:
  void Count() {
    absl::MutexLock lock(&mutex_);
    ++calls_;
  }

  const Records& records_;
  absl::Mutex mutex_;
  int calls_ = 0;
};

class CallersTest : public testing::Test {
 protected:
  // Until the target was called so often.
  void Run(CountingTarget& target, size_t callers, int calls) {
    const std::vector<Caller> kinds = {Caller(target, records_, ledger_, tally_)};
    Schedule schedule(SomeOperations(), std::nullopt, ledger_);
    const Callers running(callers, kinds, schedule, recorder_, tally_);
    target.AwaitCalls(calls);
  }

  const Records records_{kSeed, Sizes(Sizes::kFixed, {24, 24}),
                         Sizes(Sizes::kFixed, {20, 20})};
  RevisionLedger ledger_{kKeys, 1};
  Tally tally_;
  Recorder recorder_;
};

TEST_F(CallersTest, InAClosedLoopNothingIsLate) {
  CountingTarget target(records_);
  Run(target, 4, 1000);
  const auto measured = recorder_.Take();
  EXPECT_GE(measured->count(), 1000u);
  EXPECT_EQ(measured->late().max(), 0u);
  EXPECT_GT(measured->count(OperationKind::kGet), 0u);
  EXPECT_GT(measured->count(OperationKind::kPut), 0u);
  EXPECT_EQ(recorder_.Take()->count(), 0u) << "what was taken is gone";
}

TEST_F(CallersTest, ACallThatFailsStopsThem) {
  CountingTarget target(records_);
  target.fail = true;
  Run(target, 2, 1);
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
