#include "loadtest/workload/caller.h"

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

using testing::HasSubstr;

// A server as it should be, but for what a test does to it.
class FakeTarget : public Target {
 public:
  absl::StatusOr<std::optional<Value>> Get(const std::string& key) override {
    if (!failure.ok()) return failure;
    const auto found = entries.find(key);
    if (found == entries.end()) return std::nullopt;
    std::optional<Value> value = found->second;
    if (between) std::exchange(between, nullptr)();
    return value;
  }

  absl::StatusOr<uint64_t> Put(const std::string& key, const std::string& value,
                               std::optional<uint64_t> expected) override {
    if (!failure.ok()) return failure;
    if (expected.has_value() && entries[key].mod_revision != *expected) {
      return absl::FailedPreconditionError("another revision");
    }
    entries[key] = {value, ++revision};
    return std::exchange(answered_revision, std::nullopt).value_or(revision);
  }

  absl::StatusOr<std::vector<Entry>> Scan(size_t count) override {
    if (!failure.ok()) return failure;
    std::vector<Entry> found;
    for (const auto& [key, value] : entries) {
      if (found.size() == count) break;
      Entry entry;
      entry.key = key;
      entry.value = value.value;
      entry.mod_revision = value.mod_revision;
      found.push_back(std::move(entry));
      if (repeat_entries) found.push_back(found.back());
    }
    return found;
  }

  std::map<std::string, Value> entries;
  uint64_t revision = 1;
  absl::Status failure;
  // The next Put says that this was its revision.
  std::optional<uint64_t> answered_revision;
  // Scans find each entry twice.
  bool repeat_entries = false;
  // Called once, after the next Get has read.
  std::function<void()> between;
};

class CallerTest : public testing::Test {
 protected:
  static constexpr size_t kLoaded = 10;

  CallerTest() : ledger_(kLoaded, 1) {
    for (size_t index = 0; index < kLoaded; ++index) {
      target_.entries[records_.Key(index)] = {records_.Value(index, 0), 1};
    }
    ledger_.Grow(kLoaded + 10);
  }

  void Do(OperationKind kind, size_t index, uint64_t number = 1, size_t scanned = 0) {
    const auto times =
        caller_.Do({.number = number, .kind = kind, .index = index, .scanned = scanned});
    ASSERT_TRUE(times.ok()) << times.status();
    EXPECT_LE(times->sent, times->answered);
  }
  void Scan(size_t entries) { Do(OperationKind::kScan, 0, 1, entries); }

  Value& Stored(size_t index) { return target_.entries[records_.Key(index)]; }

  const Records records_{1, Sizes(Sizes::kFixed, {20, 20}),
                         Sizes(Sizes::kUniform, {16, 60})};
  FakeTarget target_;
  RevisionLedger ledger_;
  Tally tally_;
  const Caller caller_{target_, records_, ledger_, tally_};
};

TEST_F(CallerTest, EveryOperationOfAServerAsItShouldBeIsRight) {
  Do(OperationKind::kGet, 3);
  Do(OperationKind::kPut, 3, 7);
  EXPECT_EQ(Stored(3).value, records_.Value(3, 7));
  Do(OperationKind::kGet, 3);
  Do(OperationKind::kReadModifyWrite, 3, 8);
  EXPECT_EQ(Stored(3).value, records_.Value(3, 8));
  Do(OperationKind::kInsert, kLoaded, 9);
  Do(OperationKind::kGet, kLoaded);
  Scan(11);
  EXPECT_EQ(tally_.wrong(), 0u) << tally_.first_wrong();
  EXPECT_EQ(tally_.conflicts(), 0u);
}

TEST_F(CallerTest, EveryKeyOfABatchIsChecked) {
  const Operation batch = {.number = 1, .index = 3, .more = {4, 5, 3}};
  ASSERT_TRUE(caller_.Do(batch).ok());
  EXPECT_EQ(tally_.wrong(), 0u) << tally_.first_wrong();
  Stored(5).value[10] ^= 1;
  ASSERT_TRUE(caller_.Do(batch).ok());
  EXPECT_EQ(tally_.wrong(), 1u);
  EXPECT_THAT(tally_.first_wrong(), HasSubstr(records_.Key(5)));
  target_.entries.erase(records_.Key(4));
  ASSERT_TRUE(caller_.Do(batch).ok());
  EXPECT_EQ(tally_.wrong(), 3u);
}

TEST_F(CallerTest, GetsThatNobodyWaitsForAreCheckedAsWell) {
  int answers = 0;
  const auto done = [&](const absl::StatusOr<CallTimes>& times) {
    ASSERT_TRUE(times.ok()) << times.status();
    EXPECT_LE(times->sent, times->answered);
    ++answers;
  };
  const Operation one = {.number = 1, .index = 3};
  const Operation batch = {.number = 2, .index = 4, .more = {3}};
  for (const Operation& operation : {one, batch}) caller_.DoAsync(operation, done);
  EXPECT_EQ(tally_.wrong(), 0u) << tally_.first_wrong();
  Stored(3).value[10] ^= 1;
  for (const Operation& operation : {one, batch}) caller_.DoAsync(operation, done);
  EXPECT_EQ(tally_.wrong(), 2u);
  EXPECT_EQ(answers, 4);
  target_.failure = absl::UnavailableError("gone");
  for (const Operation& operation : {one, batch}) {
    caller_.DoAsync(operation, [&](const absl::StatusOr<CallTimes>& times) {
      EXPECT_EQ(times.status().message(), "gone");
      ++answers;
    });
  }
  EXPECT_EQ(answers, 6);
}

// A target that answers a batch as it likes.
class WrongBatchTarget : public FakeTarget {
 public:
  absl::Status BatchGet(const std::vector<std::string>&,
                        absl::FunctionRef<void(Found)> use) override {
    use({});
    return absl::OkStatus();
  }
};

TEST_F(CallerTest, ABatchWithoutAnAnswerForEachKeyIsWrong) {
  WrongBatchTarget target;
  const Caller caller(target, records_, ledger_, tally_);
  ASSERT_TRUE(caller.Do({.number = 1, .index = 3, .more = {4}}).ok());
  EXPECT_EQ(tally_.wrong(), 1u);
}

TEST_F(CallerTest, ALoadedKeyThatIsMissingIsWrong) {
  target_.entries.erase(records_.Key(3));
  Do(OperationKind::kGet, 3);
  EXPECT_EQ(tally_.wrong(), 1u);
  EXPECT_THAT(tally_.first_wrong(), HasSubstr("not found"));
}

TEST_F(CallerTest, AValueOfAnotherKeyIsWrong) {
  Stored(3).value = Stored(4).value;
  Do(OperationKind::kGet, 3);
  Do(OperationKind::kReadModifyWrite, 3);
  EXPECT_EQ(tally_.wrong(), 2u);
}

TEST_F(CallerTest, AValueThatIsOlderThanAnAnsweredWriteIsWrong) {
  const Value old = Stored(3);
  Do(OperationKind::kPut, 3);
  Stored(3) = old;
  Do(OperationKind::kGet, 3);
  EXPECT_EQ(tally_.wrong(), 1u);
  EXPECT_THAT(tally_.first_wrong(), HasSubstr("had been answered before"));
}

TEST_F(CallerTest, AnOldValueWithTheRevisionOfTheNewestWriteIsWrong) {
  Do(OperationKind::kPut, 3, 7);
  Stored(3).value = records_.Value(3, 0);
  Do(OperationKind::kGet, 3);
  EXPECT_EQ(tally_.wrong(), 1u);
  EXPECT_THAT(tally_.first_wrong(),
              HasSubstr("what operation 0 wrote, as of revision 2"));
  Scan(kLoaded);
  EXPECT_EQ(tally_.wrong(), 2u);
}

TEST_F(CallerTest, AWriteOfARevisionThatIsNotNewIsWrong) {
  target_.answered_revision = 1;
  Do(OperationKind::kPut, 3, 7);
  EXPECT_EQ(tally_.wrong(), 1u);
  EXPECT_THAT(tally_.first_wrong(),
              HasSubstr("a write of revision 1, though revision 1"));
}

TEST_F(CallerTest, AKeyMayBeAbsentUntilItsInsertWasAnswered) {
  Do(OperationKind::kGet, kLoaded + 1);
  EXPECT_EQ(tally_.wrong(), 0u);
  EXPECT_EQ(tally_.unchecked(), 1u);
  Do(OperationKind::kInsert, kLoaded + 1);
  target_.entries.erase(records_.Key(kLoaded + 1));
  Do(OperationKind::kGet, kLoaded + 1);
  EXPECT_EQ(tally_.wrong(), 1u);
}

TEST_F(CallerTest, AWriteInBetweenIsAConflictOfAReadModifyWrite) {
  target_.between = [this] { Do(OperationKind::kPut, 3, 5); };
  Do(OperationKind::kReadModifyWrite, 3, 6);
  EXPECT_EQ(tally_.conflicts(), 1u);
  EXPECT_EQ(tally_.wrong(), 0u);
  EXPECT_EQ(Stored(3).value, records_.Value(3, 5));
}

TEST_F(CallerTest, AScanThatFindsTooLittleIsWrong) {
  target_.entries.erase(records_.Key(3));
  Scan(kLoaded);
  EXPECT_THAT(tally_.first_wrong(), HasSubstr("found 9, though 10 were loaded"));
}

TEST_F(CallerTest, AScanThatFindsAWrongValueIsWrong) {
  Stored(3).value += "x";
  Scan(kLoaded);
  EXPECT_EQ(tally_.wrong(), 1u);
}

TEST_F(CallerTest, AScanThatFindsAnEntryTwiceIsWrong) {
  target_.repeat_entries = true;
  Scan(2);
  EXPECT_EQ(tally_.wrong(), 1u);
  EXPECT_THAT(tally_.first_wrong(), HasSubstr("twice"));
}

TEST_F(CallerTest, AScanThatFindsAWrongValueOfAnInsertedKeyIsWrong) {
  Do(OperationKind::kInsert, kLoaded, 9);
  Stored(kLoaded).value = records_.Value(3, 9);
  Scan(kLoaded + 1);
  EXPECT_EQ(tally_.wrong(), 1u);
}

TEST_F(CallerTest, EntriesOfOthersAreNoneOfAScansBusiness) {
  target_.entries["a"] = {"anything", 1};
  target_.entries[records_.Key(kLoaded + 5)] = {"of another run", 1};
  Scan(kLoaded + 2);
  EXPECT_EQ(tally_.wrong(), 0u) << tally_.first_wrong();
  EXPECT_EQ(tally_.unchecked(), 1u) << "of the key that may yet be inserted";
}

TEST_F(CallerTest, ACallThatFailsIsAnError) {
  target_.failure = absl::UnavailableError("gone");
  for (const OperationKind kind : kOperationKinds) {
    EXPECT_EQ(caller_.Do({.number = 1, .kind = kind, .index = 0, .scanned = 1}).status(),
              target_.failure);
  }
  EXPECT_EQ(tally_.wrong(), 0u);
}

TEST(RevisionLedger, KeepsTheNewestWriteOfEachKey) {
  RevisionLedger ledger(3, 5);
  EXPECT_FALSE(ledger.Has(3));
  ledger.Grow(200'000);
  EXPECT_TRUE(ledger.Has(199'999));
  EXPECT_EQ(ledger.newest(0).revision, 5u);
  EXPECT_TRUE(ledger.newest(0).MayBeOf(17));
  EXPECT_EQ(ledger.newest(199'999).revision, 0u);
  ledger.Settle(199'999, 9, 70'000);
  ledger.Settle(199'999, 7, 70'001);
  EXPECT_EQ(ledger.newest(199'999).revision, 9u);
  EXPECT_TRUE(ledger.newest(199'999).MayBeOf(70'000));
  EXPECT_FALSE(ledger.newest(199'999).MayBeOf(70'001));
  EXPECT_EQ(ledger.newest(199'998).revision, 0u);
}

}  // namespace
}  // namespace rcukv::loadtest
