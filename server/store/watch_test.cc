// What a watch promises, of batches that are made by hand. watch_stress_test.cc has it of
// a store that is written meanwhile.
#include "server/store/watch.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rcu/entry.h"
#include "server/store/changes_for_test.h"
#include "server/table/protection.h"
#include "server/table/table.h"

namespace rcukv {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Tell = Watch::Tell;

class WatchTest : public testing::Test {
 protected:
  std::unique_ptr<Watch> Open(Watch::Filter filter, uint64_t start_revision = 0) {
    if (filter.table == nullptr) filter.table = table_;
    auto watch = Watch::Open(history_, std::move(filter), start_revision);
    EXPECT_TRUE(watch.ok()) << watch.status();
    return watch.ok() ? *std::move(watch) : nullptr;
  }

  // The events of the next turn and, last, its revision; nothing where there is no turn;
  // an error's code.
  static std::vector<std::string> Next(Watch& watch, Tell tell = Tell::kChanges) {
    Watch::Turn turn;
    const absl::StatusOr<bool> told = watch.Next(tell, nullptr, &turn);
    if (!told.ok()) return {absl::StatusCodeToString(told.status().code())};
    if (!*told) return {};
    std::vector<std::string> lines;
    for (const ChangeBatch::Event* event : turn.events) {
      lines.push_back(absl::StrCat(event->revision(), event->deleted ? " del " : " put ",
                                   std::string(event->key())));
    }
    lines.push_back(absl::StrCat("up to ", turn.revision));
    return lines;
  }

  // Turns until there is none.
  static std::vector<std::vector<std::string>> All(Watch& watch) {
    std::vector<std::vector<std::string>> turns;
    while (true) {
      std::vector<std::string> turn = Next(watch);
      if (turn.empty()) return turns;
      turns.push_back(std::move(turn));
    }
  }

  const std::unique_ptr<Protection> protection_ = Protection::Create(Flavor::kMb).value();
  const std::shared_ptr<Table> table_ = protection_->NewTable("test");
  const std::shared_ptr<Table> other_ = protection_->NewTable("other");
  ChangeHistory history_{0, {}};
};

// ---- What is told

TEST_F(WatchTest, ATableAPrefixOrAKeyIsWatched) {
  const auto whole = Open({});
  const auto prefix = Open({.prefix = "a"});
  const auto key = Open({.key = "a"});
  const auto other = Open({.table = other_});
  ChangesForTest changes;
  changes.Put(table_.get(), 1, "a").Put(table_.get(), 2, "ab").Put(table_.get(), 3, "b");
  changes.Put(other_.get(), 4, "a").Delete(table_.get(), 5, "a");
  history_.Append(changes.Batch());
  EXPECT_THAT(Next(*whole),
              ElementsAre("1 put a", "2 put ab", "3 put b", "5 del a", "up to 5"));
  EXPECT_THAT(Next(*prefix), ElementsAre("1 put a", "2 put ab", "5 del a", "up to 5"));
  EXPECT_THAT(Next(*key), ElementsAre("1 put a", "5 del a", "up to 5"));
  EXPECT_THAT(Next(*other), ElementsAre("4 put a", "up to 5"));
  EXPECT_THAT(Next(*whole), IsEmpty());
}

TEST_F(WatchTest, ATurnHoldsWhatSeveralBatchesHave) {
  const auto watch = Open({});
  history_.Append(PutsForTest(table_.get(), 1, 2));
  history_.Append(PutsForTest(table_.get(), 3, 3));
  EXPECT_THAT(Next(*watch), ElementsAre("1 put k", "2 put k", "3 put k", "up to 3"));
}

TEST_F(WatchTest, WhatATurnHoldsOutlivesTheHistory) {
  ChangeHistory small(0, {.max_bytes = 1});
  auto watch = Watch::Open(small, {.table = table_}, 0).value();
  small.Append(PutsForTest(table_.get(), 1, 1));
  Watch::Turn turn;
  ASSERT_TRUE(watch->Next(Tell::kChanges, nullptr, &turn).value());
  small.Append(PutsForTest(table_.get(), 2, 2));
  EXPECT_EQ(turn.events.at(0)->entry.get()->value(), "v");
}

// ---- Resumable

TEST_F(WatchTest, OneThatResumesIsToldWhatComesNextInTheMiddleOfABatchToo) {
  history_.Append(PutsForTest(table_.get(), 1, 4));
  history_.Append(PutsForTest(table_.get(), 5, 6));
  EXPECT_THAT(Next(*Open({}, 3)),
              ElementsAre("3 put k", "4 put k", "5 put k", "6 put k", "up to 6"));
  EXPECT_THAT(Next(*Open({}, 5)), ElementsAre("5 put k", "6 put k", "up to 6"));
  EXPECT_THAT(Next(*Open({}, 7)), IsEmpty());
}

TEST_F(WatchTest, OneThatBeginsLaterThanTheNextChangeIsNotToldEarlier) {
  const auto watch = Open({}, 3);
  history_.Append(PutsForTest(table_.get(), 1, 1));
  EXPECT_THAT(Next(*watch), IsEmpty());
  history_.Append(PutsForTest(table_.get(), 2, 4));
  EXPECT_THAT(Next(*watch), ElementsAre("3 put k", "4 put k", "up to 4"));
}

TEST_F(WatchTest, OneThatTheHistoryHasGoneOnWithoutIsOutOfRange) {
  ChangeHistory small(0, {.max_bytes = 1});
  auto watch = Watch::Open(small, {.table = table_}, 0).value();
  small.Append(PutsForTest(table_.get(), 1, 1));
  small.Append(PutsForTest(table_.get(), 2, 2));
  EXPECT_THAT(Next(*watch), ElementsAre("OUT_OF_RANGE"));
  EXPECT_THAT(Next(*watch), ElementsAre("OUT_OF_RANGE"));
}

// ---- Bookmarked

TEST_F(WatchTest, TheFirstTurnCountsAsProgressAndSaysWhereItBegins) {
  history_.Append(PutsForTest(table_.get(), 1, 4));
  const auto watch = Open({});
  EXPECT_TRUE(watch->owes_progress());
  EXPECT_THAT(Next(*watch, Tell::kProgress), ElementsAre("up to 4"));
  EXPECT_FALSE(watch->owes_progress());
  EXPECT_THAT(Next(*watch, Tell::kProgress), IsEmpty());
}

TEST_F(WatchTest, ProgressIsOwedWhenOthersChange) {
  const auto watch = Open({.key = "quiet"});
  EXPECT_THAT(Next(*watch, Tell::kProgress), ElementsAre("up to 0"));
  history_.Append(PutsForTest(table_.get(), 1, 4));
  EXPECT_THAT(Next(*watch), IsEmpty());
  EXPECT_TRUE(watch->owes_progress());
  EXPECT_THAT(Next(*watch, Tell::kProgress), ElementsAre("up to 4"));
  EXPECT_FALSE(watch->owes_progress());
}

// Its revision could not go on otherwise, nor could others have their turns.
TEST_F(WatchTest, ATurnThatHasLookedAtManyEventsInVainIsProgress) {
  const auto watch = Open({.key = "quiet"});
  history_.Append(PutsForTest(table_.get(), 1, Watch::kTurnEvents));
  history_.Append(
      PutsForTest(table_.get(), Watch::kTurnEvents + 1, 2 * Watch::kTurnEvents + 1));
  EXPECT_THAT(Next(*watch), ElementsAre(absl::StrCat("up to ", Watch::kTurnEvents)));
  EXPECT_THAT(Next(*watch), ElementsAre(absl::StrCat("up to ", 2 * Watch::kTurnEvents)));
  EXPECT_THAT(Next(*watch), IsEmpty());
}

// ---- Atomic, and bounded

TEST_F(WatchTest, ATurnEndsWithTheRevisionThatFillsIt) {
  const auto watch = Open({});
  const std::string half(Watch::kTurnBytes / 2, 'v');
  ChangesForTest changes;
  for (uint64_t revision = 1; revision <= 5; ++revision) {
    for (const char* key : {"a", "b", "c"})
      changes.Put(table_.get(), revision, key, half);
  }
  history_.Append(changes.Batch());
  for (uint64_t revision = 1; revision <= 5; ++revision) {
    const auto line = [&](const char* key) {
      return absl::StrCat(revision, " put ", key);
    };
    EXPECT_THAT(Next(*watch), ElementsAre(line("a"), line("b"), line("c"),
                                          absl::StrCat("up to ", revision)));
  }
  EXPECT_THAT(Next(*watch), IsEmpty());
}

TEST_F(WatchTest, NeitherDoTheEventsThatATurnLooksAtSplitARevision) {
  const auto watch = Open({.prefix = "x"});
  ChangesForTest changes;
  for (uint64_t revision = 1; revision < Watch::kTurnEvents; ++revision) {
    changes.Put(table_.get(), revision, "k");
  }
  for (const char* key : {"x1", "x2", "x3"}) {
    changes.Put(table_.get(), Watch::kTurnEvents, key);
  }
  history_.Append(changes.Batch());
  EXPECT_THAT(All(*watch),
              ElementsAre(ElementsAre(absl::StrCat(Watch::kTurnEvents, " put x1"),
                                      absl::StrCat(Watch::kTurnEvents, " put x2"),
                                      absl::StrCat(Watch::kTurnEvents, " put x3"),
                                      absl::StrCat("up to ", Watch::kTurnEvents))));
}

// ---- Tables that come and go

TEST_F(WatchTest, OneWhoseTableIsDeletedTellsWhatThereIsAndEnds) {
  const auto watch = Open({});
  history_.Append(PutsForTest(table_.get(), 1, 2));
  table_->MarkDropped();
  EXPECT_THAT(Next(*watch), ElementsAre("1 put k", "2 put k", "up to 2"));
  Watch::Turn turn;
  const absl::StatusOr<bool> ended = watch->Next(Tell::kChanges, nullptr, &turn);
  EXPECT_EQ(ended.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(ended.status().message()), HasSubstr("test"));
}

TEST_F(WatchTest, ATableOfTheSameNameHasChangesOfItsOwn) {
  history_.Append(PutsForTest(table_.get(), 1, 2));
  const std::shared_ptr<Table> next = protection_->NewTable("test");
  history_.Append(PutsForTest(next.get(), 3, 3));
  EXPECT_THAT(Next(*Open({.table = next}, 1)), ElementsAre("3 put k", "up to 3"));
}

// ---- The limit of watches

TEST_F(WatchTest, OneThatEndsMakesRoomForAnother) {
  ChangeHistory small(0, {.max_watches = 1});
  auto watch = Watch::Open(small, {.table = table_}, 0);
  ASSERT_TRUE(watch.ok());
  EXPECT_EQ(Watch::Open(small, {.table = table_}, 0).status().code(),
            absl::StatusCode::kResourceExhausted);
  watch->reset();
  EXPECT_TRUE(Watch::Open(small, {.table = table_}, 0).ok());
}

}  // namespace
}  // namespace rcukv
