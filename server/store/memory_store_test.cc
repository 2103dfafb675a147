// What a store promises to readers and writers, whatever protects its tables.
#include "server/store/memory_store.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "rcu/entry.h"
#include "server/store/store.h"
#include "server/table/flavors_for_test.h"
#include "server/table/protection.h"
#include "server/table/table.h"
#include "server/table/table_directory.h"

namespace rcukv {
namespace {

using Result = absl::StatusOr<WriteResult>;

// A value that gives itself away when it is another key's, torn, or freed memory.
std::string SelfCheckingValue(std::string_view key, uint64_t number) {
  const std::string word = absl::StrCat(std::string(key), "#", number, ";");
  std::string value;
  for (uint64_t i = 0; i < 1 + number % 7; ++i) value += word;
  return value;
}

bool IsSelfChecking(std::string_view key, std::string_view value) {
  const size_t begin = value.find('#');
  const size_t end = value.find(';');
  uint64_t number = 0;
  return begin != value.npos && end != value.npos &&
         absl::SimpleAtoi(std::string(value.substr(begin + 1, end - begin - 1)),
                          &number) &&
         value == SelfCheckingValue(key, number);
}

// What a reader found of a key.
struct Found {
  std::string value;
  uint64_t mod_revision = 0;
  uint64_t create_revision = 0;
};

class MemoryStoreTest : public FlavorTest {
 protected:
  void SetUp() override {
    FlavorTest::SetUp();
    if (!IsSkipped()) Restart({});
  }
  void TearDown() override {
    store_.reset();
    tables_.reset();
  }

  // A new store on new tables.
  void Restart(const MemoryStore::Options& options) {
    store_.reset();
    tables_ = std::make_unique<TableDirectory>(protection());
    store_ = std::make_unique<MemoryStore>(protection(), *tables_, options);
  }

  MemoryStore& store() { return *store_; }
  TableDirectory& tables() { return *tables_; }
  std::shared_ptr<Table> table(std::string_view name = "") {
    return tables_->FindShared(name);
  }

  std::future<Result> Submit(Write write) {
    auto promise = std::make_shared<std::promise<Result>>();
    write.done = [promise](Result result) { promise->set_value(std::move(result)); };
    store().Submit(std::move(write));
    return promise->get_future();
  }
  Result Put(std::string_view key, std::string_view value,
             std::optional<uint64_t> expected = std::nullopt) {
    return Submit({.table = table(),
                   .key = std::string(key),
                   .value = std::string(value),
                   .expected_mod_revision = expected})
        .get();
  }
  Result Delete(std::string_view key, std::optional<uint64_t> expected = std::nullopt) {
    return Submit({.table = table(),
                   .key = std::string(key),
                   .expected_mod_revision = expected})
        .get();
  }

  static std::optional<Found> Get(const Table& table, std::string_view key) {
    std::optional<Found> found;
    table.LookupOne(key, [&](const rcu::Entry* entry) {
      if (entry == nullptr) return;
      found = Found{std::string(entry->value()), entry->mod_revision(),
                    entry->create_revision()};
    });
    return found;
  }
  std::optional<Found> Get(std::string_view key) { return Get(*table(), key); }

  void ReadersNeverSeeATornOrReclaimedEntry();

 private:
  std::unique_ptr<TableDirectory> tables_;
  std::unique_ptr<MemoryStore> store_;
};

TEST_P(MemoryStoreTest, AWriterReadsItsOwnWriteAndItsDelete) {
  const Result put = Put("key", "value");
  EXPECT_EQ(put->revision, 1u);
  ASSERT_TRUE(Get("key").has_value());
  EXPECT_EQ(Get("key")->value, "value");
  EXPECT_EQ(Get("key")->mod_revision, 1u);
  const Result deleted = Delete("key");
  EXPECT_EQ(deleted->revision, 2u);
  EXPECT_TRUE(deleted->deleted);
  EXPECT_FALSE(Get("key").has_value());
}

TEST_P(MemoryStoreTest, TheRevisionIsThatOfTheNewestChange) {
  EXPECT_EQ(store().revision(), 0u);
  EXPECT_EQ(Put("a", "1")->revision, 1u);
  EXPECT_EQ(Put("a", "2")->revision, 2u);
  const Result nothing = Delete("missing");
  EXPECT_EQ(nothing->revision, 2u);
  EXPECT_FALSE(nothing->deleted);
  EXPECT_EQ(store().revision(), 2u);
}

TEST_P(MemoryStoreTest, CreateRevisionOutlivesAReplaceButNotADelete) {
  (void)Put("key", "1");
  (void)Put("key", "2");
  EXPECT_EQ(Get("key")->create_revision, 1u);
  EXPECT_EQ(Get("key")->mod_revision, 2u);
  (void)Delete("key");
  (void)Put("key", "3");
  EXPECT_EQ(Get("key")->create_revision, 4u);
}

TEST_P(MemoryStoreTest, AFailedExpectationChangesNothing) {
  (void)Put("key", "1");
  EXPECT_EQ(Put("key", "2", 0).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Delete("key", 7).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Get("key")->value, "1");
  EXPECT_EQ(store().revision(), 1u);
  EXPECT_EQ(Put("key", "2", 1)->revision, 2u);
  EXPECT_TRUE(Delete("key", 2)->deleted);
}

TEST_P(MemoryStoreTest, AFullServerRefusesWritesThatGrowAndGoesOnReading) {
  const uint64_t empty = tables().Bytes();
  Restart({.memory_limit_bytes = empty + 10'000});
  int stored = 0;
  Result last = WriteResult{};
  for (; stored < 100 && last.ok(); ++stored) {
    last = Put(absl::StrCat("key", stored), std::string(1000, 'v'));
  }
  EXPECT_EQ(last.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(stored, 10);
  EXPECT_LE(tables().Bytes(), empty + 10'000);

  EXPECT_TRUE(Get("key0").has_value());
  EXPECT_TRUE(Put("key0", "smaller").ok());
  EXPECT_TRUE(Delete("key1").ok());
  EXPECT_TRUE(Put("key9", std::string(1000, 'v')).ok());
}

TEST_P(MemoryStoreTest, WhatSomebodyKeepsOfAReplacedValueTakesMemoryToo) {
  Restart({.memory_limit_bytes = tables().Bytes() + 50'000,
           .reclaim_mode = ReclaimMode::kSynchronize});
  ASSERT_TRUE(Put("key", std::string(30'000, 'a')).ok());
  rcu::SharedEntry kept;
  table()->LookupOne("key", [&](const rcu::Entry* entry) { kept = entry->Share(); });
  ASSERT_TRUE(Put("key", std::string(30'000, 'b')).ok());
  EXPECT_EQ(kept->value(), std::string(30'000, 'a'));
  EXPECT_EQ(Put("other", "value").status().code(), absl::StatusCode::kResourceExhausted);
  kept.reset();
  EXPECT_TRUE(Put("other", "value").ok());
}

TEST_P(MemoryStoreTest, WhatIsKeptForWatchesDoesNotSoThatADeleteMakesRoom) {
  Restart({.memory_limit_bytes = tables().Bytes() + 50'000,
           .reclaim_mode = ReclaimMode::kSynchronize,
           .history = {.max_bytes = 200'000}});
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(Put("key", std::string(30'000, 'a')).ok()) << i;
    ASSERT_TRUE(Delete("key").ok());
  }
  EXPECT_GT(rcu::Entry::kept_bytes(), 100'000u);
}

TEST_P(MemoryStoreTest, AWriteForADeletedTableIsNotFoundAndLeavesNothingBehind) {
  ASSERT_TRUE(tables().Create("routes").ok());
  const std::shared_ptr<Table> routes = table("routes");
  ASSERT_TRUE(tables().Delete("routes").ok());
  EXPECT_EQ(
      Submit({.table = routes, .key = "key", .value = "value"}).get().status().code(),
      absl::StatusCode::kNotFound);
  EXPECT_EQ(routes->Size().bytes, 0u);
  EXPECT_EQ(store().revision(), 0u);
}

TEST_P(MemoryStoreTest, TablesThatGoWhileTheyAreWrittenLeaveNothingBehind) {
  constexpr int kRounds = 50;
  for (int round = 0; round < kRounds; ++round) {
    ASSERT_TRUE(tables().Create("routes").ok());
    const std::shared_ptr<Table> routes = table("routes");
    std::vector<std::future<Result>> answers;
    for (int i = 0; i < 100; ++i) {
      answers.push_back(
          Submit({.table = routes, .key = absl::StrCat("key", i), .value = "value"}));
    }
    ASSERT_TRUE(tables().Delete("routes").ok());
    for (auto& answer : answers) {
      const absl::StatusCode code = answer.get().status().code();
      EXPECT_TRUE(code == absl::StatusCode::kOk || code == absl::StatusCode::kNotFound);
    }
    EXPECT_EQ(routes->Size().entries, 0u);
    EXPECT_EQ(routes->Size().bytes, 0u);
  }
}

TEST_P(MemoryStoreTest, StopAppliesWhatIsQueuedAndRefusesTheRest) {
  constexpr int kWrites = 5000;
  std::vector<std::future<Result>> answers;
  for (int i = 0; i < kWrites; ++i) {
    answers.push_back(
        Submit({.table = table(), .key = absl::StrCat(i), .value = "value"}));
  }
  EXPECT_TRUE(store().Stop().ok());
  EXPECT_TRUE(store().Stop().ok());
  for (auto& answer : answers) EXPECT_TRUE(answer.get().ok());
  EXPECT_EQ(table()->Size().entries, uint64_t{kWrites});
  EXPECT_EQ(Put("late", "value").status().code(), absl::StatusCode::kUnavailable);
  EXPECT_FALSE(Get("late").has_value());
}

TEST_P(MemoryStoreTest, EveryWriteIsAnsweredOnceHoweverItRacesWithStop) {
  constexpr int kThreads = 3;
  constexpr int kWrites = 1000;
  std::atomic<int> applied{0};
  std::atomic<int> refused{0};
  std::vector<std::thread> writers;
  for (int thread = 0; thread < kThreads; ++thread) {
    writers.emplace_back([&, thread] {
      for (int i = 0; i < kWrites; ++i) {
        store().Submit(
            {.table = table(),
             .key = absl::StrCat(thread, ":", i),
             .value = "value",
             .done = [&](Result result) {
               // relaxed: counts; the joins order them.
               (result.ok() ? applied : refused).fetch_add(1, std::memory_order_relaxed);
             }});
      }
    });
  }
  while (store().revision() < 100) std::this_thread::yield();
  EXPECT_TRUE(store().Stop().ok());
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(
      applied.load(std::memory_order_relaxed) + refused.load(std::memory_order_relaxed),
      kThreads * kWrites);
  EXPECT_EQ(table()->Size().entries,
            static_cast<uint64_t>(applied.load(std::memory_order_relaxed)));
}

TEST_P(MemoryStoreTest, CountersThatAreComparedAndSetLoseNoIncrement) {
  constexpr int kThreads = 4;
  constexpr int kSuccesses = 100;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&] {
      for (int successes = 0; successes < kSuccesses;) {
        const std::optional<Found> now = Get("counter");
        uint64_t value = 0;
        if (now) {
          EXPECT_TRUE(absl::SimpleAtoi(now->value, &value));
        }
        const Result result =
            Put("counter", absl::StrCat(value + 1), now ? now->mod_revision : 0);
        if (result.ok()) {
          ++successes;
        } else {
          EXPECT_EQ(result.status().code(), absl::StatusCode::kFailedPrecondition);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Get("counter")->value, absl::StrCat(kThreads * kSuccesses));
  EXPECT_EQ(store().revision(), uint64_t{kThreads * kSuccesses});
}

// Revision r writes key r % kKeys, so a reader that has sampled r knows the least
// revision that it may find at each key.
TEST_P(MemoryStoreTest, AReaderThatSampledARevisionSeesEveryWriteUpToIt) {
  constexpr uint64_t kKeys = 16;
  constexpr uint64_t kWrites = 5000;
  std::atomic<uint64_t> stale{0};
  std::atomic<uint64_t> backwards{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      uint64_t previous = 0;
      const std::shared_ptr<Table> table = this->table();
      for (uint64_t sampled = 0; sampled < kWrites; previous = sampled) {
        sampled = store().revision();
        // relaxed, here and below: counts; join orders them.
        if (sampled < previous) backwards.fetch_add(1, std::memory_order_relaxed);
        for (uint64_t back = 0; back < std::min(kKeys, sampled); ++back) {
          const uint64_t least = sampled - back;
          const std::optional<Found> found =
              Get(*table, absl::StrCat("key", least % kKeys));
          if (found && found->mod_revision >= least) continue;
          stale.fetch_add(1, std::memory_order_relaxed);
        }
      }
    });
  }
  for (uint64_t revision = 1; revision <= kWrites; ++revision) {
    store().Submit({.table = table(),
                    .key = absl::StrCat("key", revision % kKeys),
                    .value = "value",
                    .done = [](Result) {}});
  }
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(stale.load(std::memory_order_relaxed), 0u);
  EXPECT_EQ(backwards.load(std::memory_order_relaxed), 0u);
}

void MemoryStoreTest::ReadersNeverSeeATornOrReclaimedEntry() {
  constexpr uint64_t kKeys = 64;
  constexpr uint64_t kWrites = 4000;
  std::atomic<bool> done{false};
  std::atomic<uint64_t> broken{0};
  std::vector<std::string> names;
  for (uint64_t i = 0; i < kKeys; ++i) names.push_back(absl::StrCat("key", i));
  const std::vector<std::string_view> keys(names.begin(), names.end());
  std::vector<std::thread> readers;
  for (ReadSection section : {ReadSection::kPerBatch, ReadSection::kPerKey}) {
    readers.emplace_back([&, section] {
      const std::shared_ptr<Table> table = this->table();
      // relaxed, here and below: flags and counts; join orders them.
      while (!done.load(std::memory_order_relaxed)) {
        const auto visit = [&](size_t i, absl::Span<const rcu::Entry* const> entries) {
          for (const rcu::Entry* entry : entries) {
            const std::string_view key = keys[i++];
            if (entry == nullptr || IsSelfChecking(key, entry->value())) continue;
            broken.fetch_add(1, std::memory_order_relaxed);
          }
        };
        table->Lookup(keys, section, visit);
        // Or the writer would starve where a lock prefers readers.
        std::this_thread::yield();
      }
    });
  }
  for (uint64_t i = 1; i <= kWrites; ++i) {
    Write write{.table = table(), .key = names[i * 7 % kKeys], .done = [](Result) {}};
    if (i % 5 != 0) write.value = SelfCheckingValue(write.key, i);
    store().Submit(std::move(write));
  }
  EXPECT_TRUE(Put("last", SelfCheckingValue("last", 1)).ok());
  done.store(true, std::memory_order_relaxed);
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(broken.load(std::memory_order_relaxed), 0u);
}

TEST_P(MemoryStoreTest, AReaderNeverSeesAReclaimedEntryUnderCallRcu) {
  EXPECT_EQ(store().reclaim_mode(), ReclaimMode::kCallRcu);
  ReadersNeverSeeATornOrReclaimedEntry();
}

TEST_P(MemoryStoreTest, AReaderNeverSeesAReclaimedEntryUnderSynchronize) {
  EXPECT_EQ(store().SetReclaimMode(ReclaimMode::kSynchronize), ReclaimMode::kCallRcu);
  EXPECT_EQ(store().reclaim_mode(), ReclaimMode::kSynchronize);
  ReadersNeverSeeATornOrReclaimedEntry();
}

TEST_P(MemoryStoreTest, SynchronizeFreesWhatAWriteReplacedBeforeItIsAnswered) {
  Restart({.reclaim_mode = ReclaimMode::kSynchronize});
  protection().Barrier();
  const uint64_t before = protection().Stats().grace_periods;
  (void)Put("key", "1");
  EXPECT_EQ(protection().Stats().grace_periods, before);
  (void)Put("key", "2");
  EXPECT_EQ(protection().Stats().grace_periods - before,
            HasGracePeriods(GetParam()) ? 1u : 0u);
  EXPECT_EQ(protection().Stats().backlog_objects, 0u);
}

INSTANTIATE_TEST_SUITE_P(Flavors, MemoryStoreTest, EveryFlavor(), FlavorOfTest);

}  // namespace
}  // namespace rcukv
