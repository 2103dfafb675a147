#include "server/store/change_history.h"

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rcu/entry.h"
#include "server/store/change_batch.h"
#include "server/store/changes_for_test.h"
#include "server/table/protection.h"
#include "server/table/table.h"

namespace rcukv {
namespace {

using ::testing::HasSubstr;

class CountingWaiter final : public ChangeHistory::Waiter {
 public:
  int wakes() const { return wakes_; }

 private:
  void Wake() override { ++wakes_; }

  int wakes_ = 0;
};

class ChangeHistoryTest : public testing::Test {
 protected:
  ChangeBatch Puts(uint64_t first, uint64_t last) const {
    return PutsForTest(table_.get(), first, last);
  }

  // first - last of the batch that is found; "" where there is none yet.
  static std::string Found(ChangeHistory& history, uint64_t revision,
                           ChangeHistory::Waiter* waiter = nullptr) {
    const auto batch = history.Find(revision, waiter);
    if (!batch.ok()) return std::string(absl::StatusCodeToString(batch.status().code()));
    if (*batch == nullptr) return "";
    return std::to_string((*batch)->first_revision()) + "-" +
           std::to_string((*batch)->last_revision());
  }

  const std::unique_ptr<Protection> protection_ = Protection::Create(Flavor::kMb).value();
  const std::shared_ptr<Table> table_ = protection_->NewTable("test");
};

// ---- Batches

TEST_F(ChangeHistoryTest, ABatchKeepsWhatBecameOfEachKey) {
  const std::string large(rcu::Entry::kShareableValueBytes, 'v');
  ChangesForTest changes;
  changes.Put(table_.get(), 7, "a", "small").Put(table_.get(), 8, "b", large);
  changes.Delete(table_.get(), 9, "a");
  const ChangeBatch batch = changes.Batch();
  ASSERT_EQ(batch.events.size(), 3u);
  EXPECT_EQ(batch.first_revision(), 7u);
  EXPECT_EQ(batch.last_revision(), 9u);
  EXPECT_EQ(batch.events[0].key(), "a");
  EXPECT_EQ(batch.events[0].entry.get()->value(), "small");
  EXPECT_FALSE(batch.events[0].deleted);
  EXPECT_EQ(batch.events[0].table_id, table_->id());
  EXPECT_EQ(batch.events[2].key(), "a");
  EXPECT_TRUE(batch.events[2].deleted);
  EXPECT_GE(batch.bytes, large.size());
}

TEST_F(ChangeHistoryTest, ALargeValueIsSharedAndASmallOneIsNot) {
  const std::string large(rcu::Entry::kShareableValueBytes, 'v');
  ChangesForTest changes;
  changes.Put(table_.get(), 1, "a", "small").Put(table_.get(), 2, "b", large);
  const ChangeBatch batch = changes.Batch();
  EXPECT_NE(batch.events[0].entry.get(), changes.changes()[0].entry.get());
  EXPECT_EQ(batch.events[1].entry.get(), changes.changes()[1].entry.get());
}

TEST_F(ChangeHistoryTest, TablesOfOneNameAreToldApart) {
  EXPECT_NE(protection_->NewTable("test")->id(), table_->id());
}

// ---- What is found

TEST_F(ChangeHistoryTest, EachRevisionIsFoundInItsBatch) {
  ChangeHistory history(0, {});
  history.Append(Puts(1, 1));
  history.Append(Puts(2, 5));
  history.Append(Puts(6, 7));
  for (const auto& [revision, batch] : std::vector<std::pair<uint64_t, std::string>>{
           {1, "1-1"}, {2, "2-5"}, {4, "2-5"}, {5, "2-5"}, {6, "6-7"}, {7, "6-7"}}) {
    EXPECT_EQ(Found(history, revision), batch) << revision;
  }
  EXPECT_EQ(Found(history, 8), "");
  EXPECT_EQ(Found(history, 100), "");
  EXPECT_EQ(history.oldest_revision(), 1u);
  EXPECT_EQ(history.last_revision(), 7u);
}

TEST_F(ChangeHistoryTest, WhatWasBeforeItIsGoneFromTheStart) {
  ChangeHistory history(41, {});
  EXPECT_EQ(history.oldest_revision(), 42u);
  EXPECT_EQ(Found(history, 41), "OUT_OF_RANGE");
  EXPECT_EQ(Found(history, 42), "");
  history.Append(Puts(42, 43));
  EXPECT_EQ(Found(history, 41), "OUT_OF_RANGE");
  EXPECT_EQ(Found(history, 42), "42-43");
}

TEST_F(ChangeHistoryTest, TheOldestBatchesGoWhenThereIsNoRoomAndTheErrorNamesWhatIsLeft) {
  const size_t batch_bytes = Puts(1, 2).bytes;
  ChangeHistory history(0, {.max_bytes = 3 * batch_bytes});
  for (uint64_t first = 1; first < 99; first += 2) history.Append(Puts(first, first + 1));
  // 93-94, 95-96 and 97-98 have room.
  EXPECT_EQ(history.oldest_revision(), 93u);
  EXPECT_EQ(Found(history, 93), "93-94");
  const auto gone = history.Find(92, nullptr);
  EXPECT_EQ(gone.status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(std::string(gone.status().message()), HasSubstr("revision 93"));
  EXPECT_THAT(std::string(gone.status().message()), HasSubstr("watch_history_bytes"));
}

TEST_F(ChangeHistoryTest, TheNewestBatchIsKeptWhateverItsSize) {
  ChangeHistory history(0, {.max_bytes = 1});
  history.Append(Puts(1, 2));
  EXPECT_EQ(Found(history, 1), "1-2");
  history.Append(Puts(3, 4));
  EXPECT_EQ(Found(history, 2), "OUT_OF_RANGE");
  EXPECT_EQ(Found(history, 3), "3-4");
}

TEST_F(ChangeHistoryTest, WhoHasFoundABatchKeepsItWhenItGoes) {
  ChangeHistory history(0, {.max_bytes = 1});
  history.Append(Puts(1, 2));
  const auto batch = history.Find(1, nullptr).value();
  history.Append(Puts(3, 4));
  EXPECT_EQ(batch->events[0].key(), "k");
}

// ---- Who waits

TEST_F(ChangeHistoryTest, WhoHasFoundNothingIsWokenOnceByTheNextBatch) {
  ChangeHistory history(0, {});
  CountingWaiter waiter;
  EXPECT_EQ(Found(history, 1, &waiter), "");
  EXPECT_EQ(Found(history, 1, &waiter), "");  // Another watch of the same thread.
  EXPECT_EQ(waiter.wakes(), 0);
  history.Append(Puts(1, 1));
  EXPECT_EQ(waiter.wakes(), 1);
  history.Append(Puts(2, 2));
  EXPECT_EQ(waiter.wakes(), 1);
}

TEST_F(ChangeHistoryTest, WhoHasFoundSomethingIsNotWoken) {
  ChangeHistory history(0, {});
  CountingWaiter waiter;
  history.Append(Puts(1, 1));
  EXPECT_EQ(Found(history, 1, &waiter), "1-1");
  history.Append(Puts(2, 2));
  EXPECT_EQ(waiter.wakes(), 0);
}

// An alarm that was set must not be set again before it has gone off.
TEST_F(ChangeHistoryTest, AWaiterIsNotWokenAgainBeforeItHasWoken) {
  ChangeHistory history(0, {});
  CountingWaiter waiter;
  EXPECT_EQ(Found(history, 1, &waiter), "");
  history.Append(Puts(1, 1));
  EXPECT_EQ(Found(history, 2, &waiter), "");
  history.Append(Puts(2, 2));
  EXPECT_EQ(waiter.wakes(), 1);
  history.HasWoken(waiter);
  EXPECT_EQ(Found(history, 3, &waiter), "");
  history.Append(Puts(3, 3));
  EXPECT_EQ(waiter.wakes(), 2);
}

TEST_F(ChangeHistoryTest, AWaiterThatIsForgottenIsNotWoken) {
  ChangeHistory history(0, {});
  CountingWaiter forgotten, waiter;
  EXPECT_EQ(Found(history, 1, &forgotten), "");
  EXPECT_EQ(Found(history, 1, &waiter), "");
  history.Forget(forgotten);
  history.Append(Puts(1, 1));
  EXPECT_EQ(forgotten.wakes(), 0);
  EXPECT_EQ(waiter.wakes(), 1);
}

TEST_F(ChangeHistoryTest, AllCanBeWokenWithoutABatch) {
  ChangeHistory history(0, {});
  CountingWaiter waiter;
  EXPECT_EQ(Found(history, 1, &waiter), "");
  history.WakeAll();
  EXPECT_EQ(waiter.wakes(), 1);
}

// ---- How many

TEST_F(ChangeHistoryTest, AWatchBeginsWithTheNextChangeUnlessItSaysOtherwise) {
  ChangeHistory history(41, {});
  EXPECT_EQ(history.OpenWatch(0).value(), 42u);
  EXPECT_EQ(history.OpenWatch(42).value(), 42u);
  EXPECT_EQ(history.OpenWatch(50).value(), 50u);
  EXPECT_EQ(history.OpenWatch(41).status().code(), absl::StatusCode::kOutOfRange);
}

TEST_F(ChangeHistoryTest, ThereAreAsManyWatchesAsThereMayBe) {
  ChangeHistory history(0, {.max_watches = 2});
  EXPECT_TRUE(history.OpenWatch(0).ok());
  EXPECT_TRUE(history.OpenWatch(0).ok());
  const absl::Status refused = history.OpenWatch(0).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("max_watches"));
  history.CloseWatch();
  EXPECT_TRUE(history.OpenWatch(0).ok());
}

TEST_F(ChangeHistoryTest, OneThatIsRefusedForItsRevisionIsNotCounted) {
  ChangeHistory history(41, {.max_watches = 1});
  EXPECT_FALSE(history.OpenWatch(1).ok());
  EXPECT_TRUE(history.OpenWatch(0).ok());
}

}  // namespace
}  // namespace rcukv
