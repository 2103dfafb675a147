#include "server/history/linearizability.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <numeric>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "server/history/history.h"

namespace rcukv::history {
namespace {

using Kind = Action::Kind;

struct Time {
  uint64_t called;
  uint64_t returned = Call::kNever;
};

constexpr Key kA = 0;
constexpr Key kB = 1;

Call Of(Time time, std::vector<Action> actions, std::optional<Answer> answer) {
  return {.called = time.called,
          .returned = time.returned,
          .success = std::move(actions),
          .answer = std::move(answer)};
}
Call Get(Time time, Key key, Value found) {
  return Of(time, {{Kind::kGet, key}}, Answer{.results = {found}});
}
Call Put(Time time, Key key, Value value) {
  return Of(time, {{Kind::kPut, key, value}}, Answer{.results = {0}});
}
Call Delete(Time time, Key key, bool existed) {
  return Of(time, {{Kind::kDelete, key}}, Answer{.results = {existed}});
}
Call Swap(Time time, Key key, Value from, Value to, bool succeeded) {
  Call call = Of(time, {{Kind::kPut, key, to}}, Answer{.succeeded = succeeded});
  if (succeeded) call.answer->results = {0};
  call.conditions = {{key, from}};
  return call;
}
// Of both keys.
Call PutBoth(Time time, Value value) {
  return Of(time, {{Kind::kPut, kA, value}, {Kind::kPut, kB, value}},
            Answer{.results = {0, 0}});
}
Call Snapshot(Time time, Value a, Value b) {
  return Of(time, {{Kind::kGet, kA}, {Kind::kGet, kB}}, Answer{.results = {a, b}});
}
// Of which the outcome is not known.
Call Unanswered(Call call) {
  call.returned = Call::kNever;
  call.answer.reset();
  return call;
}

bool IsLinearizable(std::vector<Call> calls) {
  const Verdict verdict = CheckLinearizable(calls);
  EXPECT_NE(verdict, Verdict::kGaveUp);
  return verdict == Verdict::kLinearizable;
}

TEST(Linearizability, NothingIsLinearizable) { EXPECT_TRUE(IsLinearizable({})); }

TEST(Linearizability, OneAfterAnotherEachSeesThoseBeforeIt) {
  EXPECT_TRUE(IsLinearizable({Get({0, 1}, kA, kMissing), Put({2, 3}, kA, 5),
                              Get({4, 5}, kA, 5), Delete({6, 7}, kA, true),
                              Delete({8, 9}, kA, false), Get({10, 11}, kA, kMissing)}));
  EXPECT_FALSE(IsLinearizable({Put({0, 1}, kA, 5), Get({2, 3}, kA, kMissing)}));
  EXPECT_FALSE(
      IsLinearizable({Put({0, 1}, kA, 5), Put({2, 3}, kA, 6), Get({4, 5}, kA, 5)}));
  EXPECT_FALSE(IsLinearizable({Delete({0, 1}, kA, true)}));
  EXPECT_FALSE(IsLinearizable({Put({0, 1}, kA, 5), Delete({2, 3}, kA, false)}));
}

TEST(Linearizability, BesideAWriteEitherIsSeenButNeverTheOldAfterTheNew) {
  const Call before = Put({0, 1}, kA, 5);
  const Call beside = Put({2, 9}, kA, 6);
  for (Value found : {5u, 6u}) {
    EXPECT_TRUE(IsLinearizable({before, beside, Get({3, 4}, kA, found)}));
  }
  EXPECT_FALSE(IsLinearizable({before, beside, Get({3, 4}, kA, 7)}));
  EXPECT_TRUE(IsLinearizable({before, beside, Get({3, 4}, kA, 5), Get({5, 6}, kA, 6)}));
  EXPECT_FALSE(IsLinearizable({before, beside, Get({3, 4}, kA, 6), Get({5, 6}, kA, 5)}));
}

TEST(Linearizability, OneOfTwoSwapsOfAValueSucceeds) {
  const Call before = Put({0, 1}, kA, 5);
  EXPECT_TRUE(IsLinearizable(
      {before, Swap({2, 5}, kA, 5, 6, true), Swap({3, 4}, kA, 5, 7, false)}));
  EXPECT_FALSE(IsLinearizable(
      {before, Swap({2, 5}, kA, 5, 6, true), Swap({3, 4}, kA, 5, 7, true)}));
  EXPECT_FALSE(IsLinearizable(
      {before, Swap({2, 5}, kA, 5, 6, false), Swap({3, 4}, kA, 5, 7, false)}));
}

TEST(Linearizability, AnUnansweredCallMayHappenAtAnyTimeOrNever) {
  const Call before = Put({0, 1}, kA, 5);
  const Call unanswered = Unanswered(Put({2}, kA, 6));
  EXPECT_TRUE(IsLinearizable({before, unanswered, Get({3, 4}, kA, 5)}));
  EXPECT_TRUE(IsLinearizable({before, unanswered, Get({3, 4}, kA, 6)}));
  EXPECT_TRUE(
      IsLinearizable({before, unanswered, Get({3, 4}, kA, 5), Get({5, 6}, kA, 6)}));
  // But once, and not before it was made.
  EXPECT_FALSE(
      IsLinearizable({before, unanswered, Get({3, 4}, kA, 6), Get({5, 6}, kA, 5)}));
  EXPECT_FALSE(IsLinearizable(
      {before, unanswered, Get({3, 4}, kA, 6), Put({5, 6}, kA, 7), Get({7, 8}, kA, 6)}));
  EXPECT_FALSE(IsLinearizable({Get({0, 1}, kA, 6), unanswered}));
}

TEST(Linearizability, ASnapshotShowsATransactionAsAWhole) {
  const Call before = PutBoth({0, 1}, 5);
  const Call beside = PutBoth({2, 9}, 6);
  EXPECT_TRUE(IsLinearizable({before, beside, Snapshot({3, 4}, 5, 5)}));
  EXPECT_TRUE(IsLinearizable({before, beside, Snapshot({3, 4}, 6, 6)}));
  EXPECT_FALSE(IsLinearizable({before, beside, Snapshot({3, 4}, 5, 6)}));
  EXPECT_FALSE(IsLinearizable({before, beside, Snapshot({3, 4}, 6, 5)}));
  // Nor may single reads take turns with it.
  EXPECT_FALSE(IsLinearizable({before, beside, Get({3, 4}, kA, 6), Get({5, 6}, kB, 5)}));
}

TEST(Linearizability, TwoSnapshotsSeeTwoWritesInOneOrder) {
  const Call a = Put({0, 9}, kA, 5);
  const Call b = Put({1, 10}, kB, 5);
  EXPECT_TRUE(
      IsLinearizable({a, b, Snapshot({2, 6}, 5, kMissing), Snapshot({3, 7}, 5, 5)}));
  EXPECT_FALSE(IsLinearizable(
      {a, b, Snapshot({2, 6}, 5, kMissing), Snapshot({3, 7}, kMissing, 5)}));
}

TEST(Linearizability, BothBranchesOfATransactionAreChecked) {
  Call call = {.called = 2,
               .returned = 3,
               .conditions = {{kA, 5}, {kB, kMissing}},
               .success = {{Kind::kPut, kB, 6}, {Kind::kGet, kB}},
               .failure = {{Kind::kGet, kB}}};
  call.answer = Answer{.succeeded = true, .results = {0, 6}};
  EXPECT_TRUE(IsLinearizable({Put({0, 1}, kA, 5), call, Get({4, 5}, kB, 6)}));
  EXPECT_FALSE(IsLinearizable({Put({0, 1}, kA, 4), call, Get({4, 5}, kB, 6)}));
  call.answer = Answer{.succeeded = true, .results = {0, kMissing}};
  EXPECT_FALSE(IsLinearizable({Put({0, 1}, kA, 5), call}));
  call.answer = Answer{.succeeded = false, .results = {7}};
  EXPECT_TRUE(IsLinearizable({Put({0, 1}, kB, 7), call}));
  EXPECT_FALSE(IsLinearizable({Put({0, 1}, kA, 5), call}));
}

TEST(Linearizability, KeysThatNothingJoinsAreCheckedApart) {
  // Of one key 40 puts that are all open at once, in an order that nothing can tell; and
  // then another key.
  std::vector<Call> calls;
  for (uint64_t i = 0; i < 40; ++i) {
    calls.push_back(Put({i, 100 + i}, kA, static_cast<Value>(i + 1)));
  }
  calls.push_back(Put({200, 201}, kB, 5));
  calls.push_back(Get({202, 203}, kB, kMissing));
  EXPECT_EQ(CheckLinearizable(calls), Verdict::kNotLinearizable);
}

TEST(Linearizability, WhatTakesTooLongIsGivenUp) {
  std::vector<Call> calls;
  for (uint64_t i = 0; i < 40; ++i) {
    calls.push_back(Put({i, 100 + i}, kA, static_cast<Value>(i + 1)));
  }
  calls.push_back(Get({200, 201}, kA, 99));
  EXPECT_EQ(CheckLinearizable(calls, 10'000), Verdict::kGaveUp);
}

// ---- Beside a check that tries every order

class EveryOrder {
 public:
  explicit EveryOrder(const std::vector<Call>& calls)
      : calls_(calls), happened_(calls.size(), false) {}

  bool AnyFits(const std::map<Key, Value>& table) {
    bool all = true;
    for (size_t i = 0; i < calls_.size(); ++i) {
      if (happened_[i]) continue;
      all = all && !calls_[i].answer.has_value();
      if (!MayBeNext(i)) continue;
      std::map<Key, Value> after = table;
      if (!Fits(calls_[i], after)) continue;
      happened_[i] = true;
      if (AnyFits(after)) return true;
      happened_[i] = false;
    }
    return all;  // Those that are left never happen.
  }

 private:
  bool MayBeNext(size_t next) const {
    for (size_t i = 0; i < calls_.size(); ++i) {
      if (!happened_[i] && calls_[i].returned < calls_[next].called) return false;
    }
    return true;
  }

  static bool Fits(const Call& call, std::map<Key, Value>& table) {
    bool holds = true;
    for (const Condition& condition : call.conditions) {
      holds = holds && table[condition.key] == condition.value;
    }
    std::vector<Value> results;
    for (const Action& action : holds ? call.success : call.failure) {
      Value& value = table[action.key];
      results.push_back(action.kind == Kind::kPut   ? 0
                        : action.kind == Kind::kGet ? value
                                                    : value != kMissing);
      if (action.kind == Kind::kPut) value = action.value;
      if (action.kind == Kind::kDelete) value = kMissing;
    }
    return !call.answer.has_value() ||
           (call.answer->succeeded == holds && call.answer->results == results);
  }

  const std::vector<Call>& calls_;
  std::vector<bool> happened_;
};

class RandomHistory {
 public:
  explicit RandomHistory(unsigned seed) : random_(seed) {}

  std::vector<Call> Next() {
    const size_t size = 1 + Below(6);
    std::vector<uint64_t> times(2 * size);
    std::iota(times.begin(), times.end(), 0);
    // Not too far from one another, or there is no order left to contradict.
    for (int i = 0; i < 10; ++i) {
      const size_t at = Below(times.size() - 1);
      std::swap(times[at], times[at + 1]);
    }
    std::vector<Call> calls;
    for (size_t i = 0; i < size; ++i) {
      const auto [called, returned] = std::minmax(times[2 * i], times[2 * i + 1]);
      calls.push_back(OneAt({called, returned}));
    }
    return calls;
  }

 private:
  uint32_t Below(size_t bound) { return static_cast<uint32_t>(random_() % bound); }
  Key AnyKey() { return Below(2); }
  Value AnyValue() { return Below(3); }

  Call OneAt(Time time) {
    Call call = {.called = time.called, .returned = time.returned};
    if (Below(3) == 0) call.conditions.push_back({AnyKey(), AnyValue()});
    call.success = SomeActions();
    if (!call.conditions.empty()) call.failure = SomeActions();
    if (Below(6) == 0) {
      call.returned = Call::kNever;
      return call;
    }
    Answer& answer = call.answer.emplace();
    answer.succeeded = call.conditions.empty() || Below(2) == 0;
    for (const Action& action : answer.succeeded ? call.success : call.failure) {
      answer.results.push_back(action.kind == Kind::kPut   ? 0
                               : action.kind == Kind::kGet ? AnyValue()
                                                           : Below(2));
    }
    return call;
  }

  std::vector<Action> SomeActions() {
    std::vector<Action> actions;
    for (uint32_t count = 1 + Below(2); count > 0; --count) {
      const auto kind = static_cast<Kind>(Below(3));
      const Value value = kind == Kind::kPut ? 1 + Below(2) : kMissing;
      actions.push_back({kind, AnyKey(), value});
    }
    return actions;
  }

  std::mt19937 random_;
};

TEST(Linearizability, TheVerdictIsThatOfEveryOrderTried) {
  RandomHistory histories(1);
  int linearizable = 0;
  constexpr int kHistories = 20'000;
  for (int i = 0; i < kHistories; ++i) {
    const std::vector<Call> calls = histories.Next();
    const bool expected = EveryOrder(calls).AnyFits({});
    ASSERT_EQ(IsLinearizable(calls), expected) << "history " << i;
    linearizable += expected;
  }
  // It would show nothing if nearly all were of one kind.
  EXPECT_GT(linearizable, kHistories / 20);
  EXPECT_LT(linearizable, kHistories - kHistories / 20);
}

}  // namespace
}  // namespace rcukv::history
