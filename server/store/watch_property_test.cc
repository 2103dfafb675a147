// What watches are told while a store is written by many: compared, event by event, with
// what the writers were answered.
//
// Each Follower reads a watch to the end, and writes down what it was told and from which
// revision to which without a gap. Some of them give their watch up again and again, and
// resume; some are so slow that the history goes on without them. The checks are those of
// watch.h, by its letters.
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "rcu/entry.h"
#include "server/store/change_batch.h"
#include "server/store/change_history.h"
#include "server/store/memory_store.h"
#include "server/store/store.h"
#include "server/store/store_options.h"
#include "server/store/transaction.h"
#include "server/store/watch.h"
#include "server/table/protection.h"
#include "server/table/table.h"
#include "server/table/table_directory.h"

namespace rcukv {
namespace {

// What happened at each revision: key -> value, or "(deleted)".
using Changes = std::map<std::string, std::string>;
using Revisions = std::map<uint64_t, Changes>;

constexpr char kDeleted[] = "(deleted)";
// Keys that begin with it are never deleted.
constexpr char kLasting[] = "lasting/";

bool Has(const Watch::Filter& filter, const std::string& key) {
  return filter.key.empty() ? key.starts_with(filter.prefix) : key == filter.key;
}

class Semaphore final : public ChangeHistory::Waiter {
 public:
  void Wait() {
    std::unique_lock lock(mutex_);
    woken_.wait(lock, [this] { return wakes_ > 0; });
    wakes_ = 0;
  }

 private:
  void Wake() override {
    std::lock_guard lock(mutex_);
    ++wakes_;
    woken_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable woken_;
  int wakes_ = 0;
};

class Follower {
 public:
  struct Options {
    Watch::Filter filter = {};
    // One turn in so many it gives the watch up, and resumes. 0: never.
    uint32_t resume_every = 0;
    // It gives the writers so many turns of the processor after each of its own.
    int yields = 0;
  };
  // All that happened from `first` to `last`, so far as it was wanted.
  struct Told {
    uint64_t first;
    uint64_t last;
    Revisions revisions;
  };

  Follower(MemoryStore& store, Options options)
      : store_(store), options_(std::move(options)) {
    Open(0);
    thread_ = std::thread([this] { Run(); });
  }
  ~Follower() { Join(); }

  // Has it end once it was told everything up to `revision`. It may have to be woken.
  void EndAt(uint64_t revision) { end_ = revision; }
  void Join() {
    if (!thread_.joinable()) return;
    thread_.join();
    watch_.reset();
    store_.history()->Forget(semaphore_);
  }

  const std::vector<Told>& told() const { return told_; }
  const Watch::Filter& filter() const { return options_.filter; }

 private:
  void Run() {
    Watch::Turn turn;
    while (!testing::Test::HasFailure() && told_.back().last < end_) {
      const absl::StatusOr<bool> told =
          watch_->Next(Watch::Tell::kProgress, &semaphore_, &turn);
      if (absl::IsOutOfRange(told.status())) {
        Open(0);
        continue;
      }
      ASSERT_TRUE(told.ok()) << told.status();
      if (!*told) {
        semaphore_.Wait();
        store_.history()->HasWoken(semaphore_);
        continue;
      }
      Take(turn);
      if (options_.resume_every != 0 && random_() % options_.resume_every == 0) Resume();
      for (int i = 0; i < options_.yields; ++i) std::this_thread::yield();
    }
  }

  // A new watch; what comes before it is lost, unless it is the next.
  void Open(uint64_t start_revision) {
    auto watch = Watch::Open(*store_.history(), options_.filter, start_revision);
    ASSERT_TRUE(watch.ok()) << watch.status();
    watch_ = *std::move(watch);
    Watch::Turn turn;
    const absl::StatusOr<bool> told =
        watch_->Next(Watch::Tell::kProgress, nullptr, &turn);
    if (absl::IsOutOfRange(told.status())) return Open(0);
    ASSERT_TRUE(told.ok()) << told.status();
    ASSERT_TRUE(*told) << "the first turn says where a watch begins";
    const uint64_t first =
        turn.events.empty() ? turn.revision + 1 : turn.events.front()->revision();
    told_.push_back({.first = first, .last = first - 1, .revisions = {}});
    Take(turn);
  }

  // Goes on behind what was told, without a gap or from anew.
  void Resume() {
    const uint64_t next = told_.back().last + 1;
    watch_.reset();
    auto watch = Watch::Open(*store_.history(), options_.filter, next);
    if (absl::IsOutOfRange(watch.status())) return Open(0);
    ASSERT_TRUE(watch.ok()) << watch.status();
    watch_ = *std::move(watch);
  }

  void Take(const Watch::Turn& turn) {
    Told& told = told_.back();
    uint64_t newest = told.last;
    for (const ChangeBatch::Event* event : turn.events) {
      const uint64_t revision = event->revision();
      // (a), and (d): nothing of a revision that an earlier turn had.
      ASSERT_GT(revision, told.last);
      ASSERT_GE(revision, newest);
      newest = revision;
      const bool is_new =
          told.revisions[revision]
              .emplace(event->key(),
                       event->deleted ? kDeleted : event->entry.get()->value())
              .second;
      ASSERT_TRUE(is_new) << "(b): told twice, revision " << revision;
      CheckReadable(*event);
    }
    ASSERT_GE(turn.revision, newest);
    ASSERT_GE(store_.revision(), turn.revision) << "told before it can be read";
    told.last = turn.revision;
  }

  void CheckReadable(const ChangeBatch::Event& event) {
    if (!event.key().starts_with(kLasting)) return;
    uint64_t revision = 0;
    options_.filter.table->LookupOne(event.key(), [&](const rcu::Entry* entry) {
      if (entry != nullptr) revision = entry->mod_revision();
    });
    ASSERT_GE(revision, event.revision()) << "told before it can be read";
  }

  MemoryStore& store_;
  const Options options_;
  std::atomic<uint64_t> end_{UINT64_MAX};
  std::unique_ptr<Watch> watch_;
  Semaphore semaphore_;
  std::vector<Told> told_;
  std::minstd_rand random_{17};
  // Last: it uses all of the above.
  std::thread thread_;
};

class WatchPropertyTest : public testing::Test {
 protected:
  void Start(size_t history_bytes) {
    store_ = std::make_unique<MemoryStore>(
        *protection_, tables_, StoreOptions{.history = {.max_bytes = history_bytes}});
  }
  ~WatchPropertyTest() override {
    store_.reset();
    protection_->Barrier();
  }

  std::shared_ptr<Table> table() const { return tables_.FindShared(""); }

  // Puts, deletes and transactions over a few keys; they go into `revisions`.
  void Write(uint32_t seed, int writes, Revisions* revisions) {
    std::minstd_rand random(seed);
    for (int i = 0; i < writes && !HasFailure(); ++i) {
      const std::string value = absl::StrCat(seed, ".", i);
      const std::string key = absl::StrCat("key", random() % 8);
      switch (random() % 4) {
        case 0:
          Submit(absl::StrCat(kLasting, random() % 8), value, revisions);
          break;
        case 1:
          Submit(key, std::nullopt, revisions);
          break;
        case 2:
          // A large value, which is shared and not copied.
          Submit(key, value + std::string(rcu::Entry::kShareableValueBytes, 'v'),
                 revisions);
          break;
        default:
          SubmitTransaction(value, revisions);
      }
    }
  }

  void Submit(const std::string& key, std::optional<std::string> value,
              Revisions* revisions) {
    std::promise<absl::StatusOr<WriteResult>> promise;
    store_->Submit({.table = table(),
                    .key = key,
                    .value = value,
                    .done = [&promise](absl::StatusOr<WriteResult> result) {
                      promise.set_value(std::move(result));
                    }});
    const absl::StatusOr<WriteResult> result = promise.get_future().get();
    ASSERT_TRUE(result.ok()) << result.status();
    if (!value.has_value() && !result->deleted) return;
    (*revisions)[result->revision][key] = value.value_or(kDeleted);
  }

  void SubmitTransaction(const std::string& value, Revisions* revisions) {
    Changes changes;
    std::vector<Transaction::Operation> operations;
    for (const char* name : {"key0", "lasting/1", "of a transaction"}) {
      changes[name] = value;
      operations.push_back(Transaction::Put{name, value});
    }
    std::promise<absl::StatusOr<Transaction::Result>> promise;
    store_->SubmitTransaction(
        {.table = table(),
         .success = std::move(operations),
         .done = [&promise](absl::StatusOr<Transaction::Result> result) {
           promise.set_value(std::move(result));
         }});
    const absl::StatusOr<Transaction::Result> result = promise.get_future().get();
    ASSERT_TRUE(result.ok()) << result.status();
    (*revisions)[result->revision] = changes;
  }

  // Has writers write, at the same time, until all is answered; what they did.
  Revisions WriteConcurrently(int writers, int writes) {
    std::vector<Revisions> of_writer(writers);
    std::vector<std::thread> threads;
    for (int i = 0; i < writers; ++i) {
      threads.emplace_back([&, i] { Write(i + 1, writes, &of_writer[i]); });
    }
    for (std::thread& thread : threads) thread.join();
    Revisions all;
    for (Revisions& revisions : of_writer) {
      for (auto& [revision, changes] : revisions) {
        EXPECT_TRUE(all.emplace(revision, std::move(changes)).second) << revision;
      }
    }
    EXPECT_EQ(all.size(), store_->revision());
    return all;
  }

  // (c), and with it all that was told is what was written.
  static void ExpectTold(const Follower& follower, const Revisions& written) {
    for (const Follower::Told& told : follower.told()) {
      Revisions expected;
      for (auto at = written.lower_bound(told.first);
           at != written.end() && at->first <= told.last; ++at) {
        for (const auto& [key, value] : at->second) {
          if (Has(follower.filter(), key)) expected[at->first][key] = value;
        }
      }
      EXPECT_EQ(told.revisions, expected) << told.first << " to " << told.last;
    }
  }

  // Watches of each kind, each `times` times.
  std::vector<std::unique_ptr<Follower>> Follow(const Follower::Options& like,
                                                int times) {
    std::vector<std::unique_ptr<Follower>> followers;
    for (int i = 0; i < times; ++i) {
      for (const auto& [key, prefix] : std::vector<std::pair<std::string, std::string>>{
               {"", ""}, {"", "key"}, {"", kLasting}, {"key0", ""}, {"never", ""}}) {
        Follower::Options options = like;
        options.filter = {.table = table(), .key = key, .prefix = prefix};
        followers.push_back(std::make_unique<Follower>(*store_, std::move(options)));
      }
    }
    return followers;
  }

  void End(const std::vector<std::unique_ptr<Follower>>& followers, Revisions* written) {
    for (const auto& follower : followers) follower->EndAt(store_->revision());
    // Wakes those who have not seen yet that this is the end.
    Submit("last", "write", written);
    for (const auto& follower : followers) follower->Join();
  }

  const std::unique_ptr<Protection> protection_ = Protection::Create(Flavor::kMb).value();
  TableDirectory tables_{*protection_};
  std::unique_ptr<MemoryStore> store_;
};

TEST_F(WatchPropertyTest, ManyAreToldEveryEventOnceInOrderAndRevisionsAsAWhole) {
  Start(size_t{1} << 30);
  const auto followers = Follow({}, 4);
  Revisions written = WriteConcurrently(4, 500);
  End(followers, &written);
  for (const auto& follower : followers) {
    EXPECT_EQ(follower->told().size(), 1u) << "none was too slow";
    EXPECT_EQ(follower->told().front().first, 1u);
    ExpectTold(*follower, written);
  }
}

TEST_F(WatchPropertyTest, OnesThatResumeMissNothing) {
  Start(size_t{1} << 30);
  const auto followers = Follow({.resume_every = 3}, 2);
  Revisions written = WriteConcurrently(4, 500);
  End(followers, &written);
  for (const auto& follower : followers) {
    EXPECT_EQ(follower->told().size(), 1u);
    EXPECT_EQ(follower->told().front().first, 1u);
    ExpectTold(*follower, written);
  }
}

// Batches go all the time, so a watch is ever close to the end of the history.
TEST_F(WatchPropertyTest, InASmallHistoryTheyAreToldAllOrThatSomethingIsLost) {
  Start(size_t{64} << 10);
  const auto followers = Follow({.resume_every = 5, .yields = 20}, 3);
  Revisions written = WriteConcurrently(4, 500);
  End(followers, &written);
  for (const auto& follower : followers) ExpectTold(*follower, written);
}

TEST_F(WatchPropertyTest, OneThatNeverReadsCostsNothingAndIsToldWhereToGoOn) {
  Start(size_t{64} << 10);
  auto slow = Watch::Open(*store_->history(), {.table = table()}, 0).value();
  const Revisions written = WriteConcurrently(2, 200);
  Watch::Turn turn;
  EXPECT_EQ(slow->Next(Watch::Tell::kChanges, nullptr, &turn).status().code(),
            absl::StatusCode::kOutOfRange);
  const uint64_t oldest = store_->history()->oldest_revision();
  auto next = Watch::Open(*store_->history(), {.table = table()}, oldest).value();
  ASSERT_TRUE(next->Next(Watch::Tell::kChanges, nullptr, &turn).value());
  EXPECT_EQ(turn.events.front()->revision(), oldest);
}

TEST_F(WatchPropertyTest, DeletingATableWakesAndEndsItsWatches) {
  Start(size_t{1} << 20);
  ASSERT_TRUE(store_->CreateTable("t").ok());
  auto watch =
      Watch::Open(*store_->history(), {.table = tables_.FindShared("t")}, 0).value();
  Semaphore semaphore;
  Watch::Turn turn;
  ASSERT_FALSE(watch->Next(Watch::Tell::kChanges, &semaphore, &turn).value());
  std::thread deleter([&] { EXPECT_TRUE(store_->DeleteTable("t").ok()); });
  semaphore.Wait();
  store_->history()->HasWoken(semaphore);
  EXPECT_EQ(watch->Next(Watch::Tell::kChanges, &semaphore, &turn).status().code(),
            absl::StatusCode::kNotFound);
  deleter.join();
  store_->history()->Forget(semaphore);
}

}  // namespace
}  // namespace rcukv
