// What the tables of every flavor do; through the interface that the server uses.
#include "server/table/domain_table.h"

#include <atomic>
#include <latch>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "rcu/entry.h"
#include "server/table/flavors_for_test.h"
#include "server/table/protection.h"

namespace rcukv {
namespace {

using rcu::Entry;
using Entries = absl::Span<const Entry* const>;

// A value that gives itself away when it is another key's, torn, or freed memory.
std::string SelfCheckingValue(std::string_view key, uint64_t revision) {
  const std::string word = absl::StrCat(std::string(key), "#", revision, ";");
  std::string value;
  for (uint64_t i = 0; i < 1 + revision % 7; ++i) value += word;
  return value;
}

bool IsIntact(const Entry& entry) {
  return entry.value() == SelfCheckingValue(entry.key(), entry.mod_revision());
}

// "none" where there is no entry.
void AppendValues(Entries entries, std::vector<std::string>* values) {
  for (const Entry* entry : entries) {
    values->emplace_back(entry == nullptr ? "none" : entry->value());
  }
}

class DomainTableTest : public FlavorTest {
 protected:
  void SetUp() override {
    FlavorTest::SetUp();
    if (!IsSkipped()) table_ = protection().NewTable("test");
  }

  Table& table() { return *table_; }

  // Frees what it replaces. Returns the revision of that, or none.
  std::optional<uint64_t> Put(std::string_view key, std::string_view value,
                              uint64_t revision = 1) {
    return Reclaim(table().Upsert(
        Entry::New(key, value, {.mod_revision = revision, .create_revision = revision})));
  }
  void PutSelfChecking(std::string_view key, uint64_t revision) {
    Put(key, SelfCheckingValue(key, revision), revision);
  }
  void PutTogether(const std::vector<std::string>& keys, uint64_t revision) {
    std::vector<const Entry*> unlinked;
    table().WriteTogether([&](Table::Writer& writer) {
      for (const std::string& key : keys) {
        unlinked.push_back(writer.Upsert(
            Entry::New(key, SelfCheckingValue(key, revision),
                       {.mod_revision = revision, .create_revision = revision})));
      }
    });
    for (const Entry* entry : unlinked) Reclaim(entry);
  }
  std::optional<uint64_t> Delete(std::string_view key) {
    return Reclaim(table().Unlink(key));
  }

  std::optional<std::string> Get(std::string_view key) {
    std::optional<std::string> value;
    table().LookupOne(key, [&](const Entry* entry) {
      if (entry != nullptr) value = std::string(entry->value());
    });
    return value;
  }

  // "key<i>", whose values are i, from `first` on.
  static std::vector<rcu::EntryPtr> NewEntries(size_t first, size_t count) {
    std::vector<rcu::EntryPtr> entries;
    for (size_t i = first; i < first + count; ++i) {
      entries.push_back(Entry::New(absl::StrCat("key", i), absl::StrCat(i),
                                   {.mod_revision = 1, .create_revision = 1}));
    }
    return entries;
  }

  void Fill(size_t count) {
    for (size_t i = 0; i < count; ++i) Put(absl::StrCat("key", i), absl::StrCat(i));
  }

 private:
  std::optional<uint64_t> Reclaim(const Entry* unlinked) {
    if (unlinked == nullptr) return std::nullopt;
    const uint64_t revision = unlinked->mod_revision();
    protection().Reclaim({&unlinked, 1}, ReclaimMode::kCallRcu);
    return revision;
  }

  std::unique_ptr<Table> table_;
};

TEST_P(DomainTableTest, LookupVisitsEveryKeyInOrderAndNullForAMissingOne) {
  Put("a", "1");
  Put("c", "3");
  const std::vector<std::string_view> keys = {"c", "b", "a", "c"};
  for (ReadSection section : {ReadSection::kPerBatch, ReadSection::kPerKey}) {
    std::vector<std::string> seen;
    table().Lookup(keys, section, [&](size_t i, Entries entries) {
      EXPECT_EQ(i, seen.size());
      AppendValues(entries, &seen);
    });
    EXPECT_EQ(seen, (std::vector<std::string>{"3", "none", "1", "3"}));
  }
}

TEST_P(DomainTableTest, ABatchOfAnyLengthIsVisitedInGroups) {
  Fill(100);
  for (size_t count : {size_t{1}, Table::kGroupKeys - 1, Table::kGroupKeys,
                       Table::kGroupKeys + 1, size_t{100}}) {
    std::vector<std::string> names;
    for (size_t i = 0; i < count; ++i) names.push_back(absl::StrCat("key", i));
    const std::vector<std::string_view> keys(names.begin(), names.end());
    std::vector<std::string> expected;
    for (size_t i = 0; i < count; ++i) expected.push_back(absl::StrCat(i));

    std::vector<std::string> seen;
    const auto visit = [&seen](size_t first, Entries entries) {
      EXPECT_EQ(first, seen.size());
      EXPECT_FALSE(entries.empty());
      EXPECT_LE(entries.size(), Table::kGroupKeys);
      AppendValues(entries, &seen);
    };
    for (ReadSection section : {ReadSection::kPerBatch, ReadSection::kPerKey}) {
      seen.clear();
      table().Lookup(keys, section, visit);
      EXPECT_EQ(seen, expected);
    }
    seen.clear();
    table().LookupSnapshot(keys, visit);
    EXPECT_EQ(seen, expected);
  }
}

TEST_P(DomainTableTest, UpsertAndUnlinkReturnWhatTheyUnlinked) {
  EXPECT_EQ(Put("a", "old", 1), std::nullopt);
  EXPECT_EQ(Put("a", "new", 2), 1u);
  EXPECT_EQ(Get("a"), "new");
  EXPECT_EQ(Delete("a"), 2u);
  EXPECT_EQ(Delete("a"), std::nullopt);
  EXPECT_EQ(Get("a"), std::nullopt);
}

TEST_P(DomainTableTest, LoadPutsEntriesOfAnyNumberIntoTheTable) {
  size_t next = 0;
  for (size_t count : {size_t{0}, size_t{1}, Table::kGroupKeys, Table::kGroupKeys + 1,
                       10 * Table::kGroupKeys - 3}) {
    std::vector<rcu::EntryPtr> entries = NewEntries(next, count);
    next += count;
    EXPECT_EQ(table().Load(absl::MakeSpan(entries)), nullptr);
  }
  EXPECT_EQ(table().Size().entries, next);
  for (size_t i = 0; i < next; ++i) {
    EXPECT_EQ(Get(absl::StrCat("key", i)), absl::StrCat(i));
  }
}

TEST_P(DomainTableTest, LoadGivesAnEntryBackWhoseKeyIsThereAndLeavesTheRest) {
  Put("key20", "old");
  std::vector<rcu::EntryPtr> entries = NewEntries(0, 40);
  const Entry* const twice = table().Load(absl::MakeSpan(entries));
  ASSERT_NE(twice, nullptr);
  EXPECT_EQ(twice->key(), "key20");
  EXPECT_EQ(twice->value(), "20");
  rcu::EntryDeleter()(twice);
  EXPECT_EQ(Get("key20"), "old");
  EXPECT_EQ(Get("key19"), "19");
  EXPECT_EQ(Get("key21"), std::nullopt);
  EXPECT_EQ(entries[20], nullptr);
  ASSERT_NE(entries[21], nullptr);
  EXPECT_EQ(entries[21]->key(), "key21");
}

TEST_P(DomainTableTest, LoadGivesOneOfTwoEntriesOfAKeyBack) {
  std::vector<rcu::EntryPtr> entries = NewEntries(0, 3);
  entries.push_back(Entry::New("key1", "again", {.mod_revision = 2}));
  const Entry* const twice = table().Load(absl::MakeSpan(entries));
  ASSERT_NE(twice, nullptr);
  EXPECT_EQ(twice->key(), "key1");
  EXPECT_NE(twice->value(), Get("key1"));
  protection().Reclaim({&twice, 1}, ReclaimMode::kCallRcu);
  EXPECT_EQ(table().Size().entries, 3u);
}

TEST_P(DomainTableTest, LoadPutsNothingIntoADroppedTable) {
  table().Drop();
  std::vector<rcu::EntryPtr> entries = NewEntries(0, 2);
  const Entry* const first = table().Load(absl::MakeSpan(entries));
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->key(), "key0");
  rcu::EntryDeleter()(first);
  EXPECT_EQ(table().Size().entries, 0u);
}

TEST_P(DomainTableTest, LookupSnapshotVisitsAsLookupDoes) {
  Put("a", "1");
  Put("c", "3");
  const std::vector<std::string_view> keys = {"c", "b", "a", "c"};
  std::vector<std::string> seen;
  table().LookupSnapshot(keys, [&](size_t i, Entries entries) {
    EXPECT_EQ(i, seen.size());
    AppendValues(entries, &seen);
  });
  EXPECT_EQ(seen, (std::vector<std::string>{"3", "none", "1", "3"}));
  table().LookupSnapshot({}, [](size_t, Entries) { FAIL(); });
}

TEST_P(DomainTableTest, WriteTogetherWritesAsUpsertAndUnlinkDo) {
  Put("a", "old");
  Put("b", "old");
  std::vector<const Entry*> unlinked;
  table().WriteTogether([&](Table::Writer& writer) {
    unlinked.push_back(writer.Upsert(Entry::New("a", "new")));
    unlinked.push_back(writer.Unlink("b"));
    EXPECT_EQ(writer.Upsert(Entry::New("c", "new")), nullptr);
    EXPECT_EQ(writer.Unlink("d"), nullptr);
  });
  ASSERT_EQ(unlinked.size(), 2u);
  EXPECT_EQ(unlinked[0]->key(), "a");
  EXPECT_EQ(unlinked[1]->key(), "b");
  protection().Reclaim(unlinked, ReclaimMode::kCallRcu);
  EXPECT_EQ(Get("a"), "new");
  EXPECT_EQ(Get("b"), std::nullopt);
  EXPECT_EQ(Get("c"), "new");
}

TEST_P(DomainTableTest, KeysAndValuesAreAnyBytes) {
  const std::string key("\0\xff\n", 3);
  const std::string value("\0\0\x80", 3);
  Put(key, value);
  EXPECT_EQ(Get(key), value);
}

TEST_P(DomainTableTest, ScanVisitsEachEntryOnceWhateverTheSizeOfItsSteps) {
  Fill(1000);
  for (size_t max_buckets : {1, 7, 100'000}) {
    std::multiset<std::string> seen;
    uint64_t cursor = 0;
    do {
      cursor = table().Scan(cursor, max_buckets, [&](const Entry& entry) {
        seen.emplace(entry.key());
        return true;
      });
    } while (cursor != 0);
    EXPECT_EQ(seen.size(), 1000u);
    EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 1000u);
  }
}

TEST_P(DomainTableTest, SizeCountsEntriesAndTheirBytes) {
  Put("key", "value");
  Put("key", "other value");
  Put("yek", "");
  const TableSize size = table().Size();
  EXPECT_EQ(size.entries, 2u);
  EXPECT_EQ(size.bytes, 2 * sizeof(Entry) + std::string("keyother valueyek").size());
  EXPECT_GT(size.bucket_bytes, 0u);
}

TEST_P(DomainTableTest, ClearUnlinksAndFreesEverything) {
  Fill(5000);
  EXPECT_EQ(table().Clear(), 5000u);
  EXPECT_EQ(table().Size().entries, 0u);
  EXPECT_EQ(table().Size().bytes, 0u);
  EXPECT_EQ(Get("key7"), std::nullopt);
  protection().Barrier();
  EXPECT_EQ(protection().Stats().backlog_objects, 0u);
}

TEST_P(DomainTableTest, AClearedTableTakesNewEntries) {
  Fill(10);
  table().Clear();
  Put("key", "value");
  EXPECT_EQ(Get("key"), "value");
  EXPECT_FALSE(table().dropped());
}

TEST_P(DomainTableTest, ADroppedTableGivesEntriesBackInsteadOfPublishingThem) {
  Fill(10);
  EXPECT_EQ(table().Drop(), 10u);
  EXPECT_TRUE(table().dropped());
  EXPECT_EQ(table().Drop(), 0u);
  EXPECT_EQ(Put("late", "value", 7), 7u);
  const Entry* given_back = nullptr;
  table().WriteTogether([&](Table::Writer& writer) {
    given_back = writer.Upsert(Entry::New("late", "value"));
    EXPECT_EQ(writer.Unlink("late"), nullptr);
  });
  ASSERT_NE(given_back, nullptr);
  protection().Reclaim({&given_back, 1}, ReclaimMode::kCallRcu);
  EXPECT_EQ(Get("late"), std::nullopt);
  EXPECT_EQ(table().Size().bytes, 0u);
}

TEST_P(DomainTableTest, WhateverIsPutWhileATableIsDroppedIsGoneInTheEnd) {
  constexpr int kRounds = 50;
  for (int round = 0; round < kRounds; ++round) {
    SetUp();
    std::thread writer([&] { Fill(200); });
    table().Drop();
    writer.join();
    EXPECT_EQ(table().Size().entries, 0u);
    EXPECT_EQ(table().Size().bytes, 0u);
  }
}

TEST_P(DomainTableTest, AReaderNeverSeesATornOrReclaimedEntry) {
  constexpr uint64_t kKeys = 64;
  constexpr uint64_t kWrites = 6000;
  std::vector<std::string> names;
  for (uint64_t i = 0; i < kKeys; ++i) names.push_back(absl::StrCat("key", i));
  const std::vector<std::string_view> keys(names.begin(), names.end());

  std::atomic<bool> done{false};
  std::atomic<uint64_t> broken{0};
  std::vector<std::thread> readers;
  for (ReadSection section : {ReadSection::kPerBatch, ReadSection::kPerKey}) {
    readers.emplace_back([&, section] {
      // relaxed, here and below: flags and counts; join orders them.
      while (!done.load(std::memory_order_relaxed)) {
        table().Lookup(keys, section, [&](size_t i, Entries entries) {
          for (const Entry* entry : entries) {
            const std::string_view key = keys[i++];
            if (entry == nullptr || (entry->key() == key && IsIntact(*entry))) continue;
            broken.fetch_add(1, std::memory_order_relaxed);
          }
        });
        // Or the writer would starve where a lock prefers readers.
        std::this_thread::yield();
      }
    });
  }
  for (uint64_t revision = 1; revision <= kWrites; ++revision) {
    const std::string& key = names[revision * 7 % kKeys];
    if (revision % 5 == 0) {
      Delete(key);
    } else {
      PutSelfChecking(key, revision);
    }
    if (revision % 1000 == 0) table().Clear();
  }
  done.store(true, std::memory_order_relaxed);
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(broken.load(std::memory_order_relaxed), 0u);
}

// Whatever a table is asked for, from threads that know nothing of flavors, some new and
// some old: under ASan no entry and no bucket is touched that has been freed.
TEST_P(DomainTableTest, EveryWayToReadIsProtectedFromEveryWayToWrite) {
  constexpr uint64_t kKeys = 256;
  constexpr uint64_t kWrites = 20'000;
  std::vector<std::string> names;
  for (uint64_t i = 0; i < kKeys; ++i) names.push_back(absl::StrCat("key", i));
  const std::vector<std::string_view> keys(names.begin(), names.end());
  for (const std::string& name : names) PutSelfChecking(name, 1);

  // relaxed, all: flags and counts; join orders them.
  std::atomic<bool> done{false};
  std::atomic<uint64_t> broken{0};
  const auto check = [&broken](const Entry& entry) {
    if (!IsIntact(entry)) broken.fetch_add(1, std::memory_order_relaxed);
  };
  const auto check_all = [&check](size_t, Entries entries) {
    for (const Entry* entry : entries) {
      if (entry != nullptr) check(*entry);
    }
  };
  const auto look_up = [&](ReadSection section) {
    table().Lookup(keys, section, check_all);
  };
  const auto until_done = [&](auto read) {
    return std::thread([&done, read] {
      while (!done.load(std::memory_order_relaxed)) {
        read();
        std::this_thread::yield();  // Or the writer starves where a lock is not fair.
      }
    });
  };
  std::vector<std::thread> threads;
  threads.push_back(until_done([&] { look_up(ReadSection::kPerBatch); }));
  threads.push_back(
      until_done([&] { std::thread([&] { look_up(ReadSection::kPerKey); }).join(); }));
  threads.push_back(until_done([&] { table().LookupSnapshot(keys, check_all); }));
  threads.push_back(until_done([&] {
    uint64_t cursor = 0;
    do {
      cursor = table().Scan(cursor, 4, [&](const Entry& entry) {
        check(entry);
        return true;
      });
    } while (cursor != 0);
  }));
  threads.push_back(until_done([&] {
    table().RunLookups({.threads = 1, .duration_ms = 1, .sections_per_key = 2},
                       [] { return false; });
  }));
  threads.push_back(until_done([&] { table().Clear(); }));

  for (uint64_t revision = 2; revision <= kWrites; ++revision) {
    const std::string& key = names[revision * 7 % kKeys];
    if (revision % 5 == 0) {
      Delete(key);
    } else if (revision % 5 == 1) {
      PutTogether({key, names[revision % kKeys]}, revision);
    } else {
      PutSelfChecking(key, revision);
    }
    // The map grows under the readers' feet.
    if (revision % 4 == 0) PutSelfChecking(absl::StrCat("more", revision), revision);
  }
  done.store(true, std::memory_order_relaxed);
  for (std::thread& thread : threads) thread.join();
  table().Drop();
  EXPECT_EQ(broken.load(std::memory_order_relaxed), 0u);
}

// A thread that has used a table and waits for something else is nobody that a grace
// period waits for: it would never return here.
TEST_P(DomainTableTest, AThreadThatIsThroughWithATableHoldsNoGracePeriodUp) {
  Fill(100);
  std::latch through(1);
  std::latch synchronized(1);
  std::thread idle([&] {
    Get("key1");
    table().LookupSnapshot({}, [](size_t, Entries) {});
    table().Scan(0, 1, [](const Entry&) { return true; });
    PutSelfChecking("key2", 2);
    PutTogether({"key3", "key4"}, 3);
    Delete("key5");
    table().Clear();
    through.count_down();
    synchronized.wait();
  });
  through.wait();
  const Entry* unlinked = Entry::New("key", "value").release();
  protection().Reclaim({&unlinked, 1}, ReclaimMode::kSynchronize);
  synchronized.count_down();
  idle.join();
}

INSTANTIATE_TEST_SUITE_P(Flavors, DomainTableTest, EveryFlavor(), FlavorOfTest);

}  // namespace
}  // namespace rcukv
