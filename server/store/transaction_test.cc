// What a store promises of transactions to readers and writers beside them, whatever
// protects its tables.
#include "server/store/transaction.h"

#include <atomic>
#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "rcu/entry.h"
#include "server/store/memory_store.h"
#include "server/store/store_options.h"
#include "server/table/flavors_for_test.h"
#include "server/table/table.h"
#include "server/table/table_directory.h"

namespace rcukv {
namespace {

using Compare = Transaction::Compare;
using Get = Transaction::Get;
using Put = Transaction::Put;
using Delete = Transaction::Delete;
using Result = absl::StatusOr<Transaction::Result>;

class TransactionTest : public FlavorTest {
 protected:
  void SetUp() override {
    FlavorTest::SetUp();
    if (IsSkipped()) return;
    tables_ = std::make_unique<TableDirectory>(protection());
    store_ = std::make_unique<MemoryStore>(protection(), *tables_, StoreOptions());
  }
  void TearDown() override {
    store_.reset();
    tables_.reset();
  }

  std::future<Result> Submit(Transaction transaction) {
    auto promise = std::make_shared<std::promise<Result>>();
    transaction.done = [promise](Result result) {
      promise->set_value(std::move(result));
    };
    store_->SubmitTransaction(std::move(transaction));
    return promise->get_future();
  }

  std::shared_ptr<Table> table(std::string_view name = "") {
    return tables_->FindShared(name);
  }

  std::unique_ptr<TableDirectory> tables_;
  std::unique_ptr<MemoryStore> store_;
};

TEST_P(TransactionTest, AWriterReadsItsOwnTransaction) {
  const Result result =
      Submit({.table = table(), .success = {Put{"a", "1"}, Put{"b", "2"}}}).get();
  EXPECT_EQ(result.value().revision, 1u);
  EXPECT_EQ(store_->revision(), 1u);
  for (const char* key : {"a", "b"}) {
    table()->LookupOne(key, [](const rcu::Entry* entry) {
      ASSERT_NE(entry, nullptr);
      EXPECT_EQ(entry->mod_revision(), 1u);
    });
  }
}

TEST_P(TransactionTest, AfterStopItIsRefused) {
  EXPECT_TRUE(store_->Stop().ok());
  EXPECT_EQ(Submit({.table = table(), .success = {Put{"a", "1"}}}).get().status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(table()->Size().entries, 0u);
}

// Of so many keys that a reader finds a transaction half published, if that can be.
TEST_P(TransactionTest, ASnapshotShowsTheSameOneInAllKeysThatItWrites) {
  constexpr size_t kKeys = 200;
  constexpr uint64_t kTransactions = 500;
  constexpr uint64_t kSeen = 10;
  std::vector<std::string> names;
  for (size_t i = 0; i < kKeys; ++i) names.push_back(absl::StrCat("key", i));
  const std::vector<std::string_view> keys(names.begin(), names.end());
  std::atomic<bool> done{false};
  std::atomic<uint64_t> torn{0};
  // How many different transactions were seen.
  std::atomic<uint64_t> seen{0};
  std::thread reader([&] {
    uint64_t newest = 0;
    const std::shared_ptr<Table> table = this->table();
    // relaxed, here and below: a flag and a count; join orders them.
    while (!done.load(std::memory_order_relaxed)) {
      std::set<uint64_t> revisions;
      table->LookupSnapshot(keys, [&](size_t, absl::Span<const rcu::Entry* const> found) {
        for (const rcu::Entry* entry : found) {
          revisions.insert(entry == nullptr ? 0 : entry->mod_revision());
        }
      });
      if (revisions.size() != 1) torn.fetch_add(1, std::memory_order_relaxed);
      if (*revisions.rbegin() > newest) seen.fetch_add(1, std::memory_order_relaxed);
      newest = *revisions.rbegin();
      // Or the writer would starve where a lock prefers readers.
      std::this_thread::yield();
    }
  });
  uint64_t submitted = 0;
  while (submitted < kTransactions || seen.load(std::memory_order_relaxed) < kSeen) {
    Transaction transaction = {.table = table()};
    for (const std::string& name : names) transaction.success.push_back(Put{name, "v"});
    std::future<Result> result = Submit(std::move(transaction));
    // Now and then the reader is waited for.
    if (++submitted % kTransactions == 0) {
      EXPECT_EQ(result.get().value().revision, submitted);
    }
  }
  done.store(true, std::memory_order_relaxed);
  reader.join();
  EXPECT_EQ(torn.load(std::memory_order_relaxed), 0u);
}

// Accounts between which money is moved: one revision that is seen in part makes or
// destroys some.
class TransfersTest : public TransactionTest {
 protected:
  static constexpr uint64_t kAccounts = 6;
  static constexpr uint64_t kBalance = 1000;
  static constexpr uint64_t kTransfers = 1500;
  static constexpr int kWriters = 2;

  void OpenAccounts() {
    Transaction open = {.table = table()};
    for (uint64_t i = 0; i < kAccounts; ++i) {
      names_.push_back(absl::StrCat("account", i));
      open.success.push_back(Put{names_.back(), absl::StrCat(kBalance)});
    }
    ASSERT_TRUE(Submit(std::move(open)).get().ok());
    keys_.assign(names_.begin(), names_.end());
  }

  // The balances at one moment, with their revisions; an account of 0 has no entry.
  struct Account {
    uint64_t balance = 0;
    uint64_t mod_revision = 0;
  };
  std::vector<Account> Snapshot() {
    std::vector<Account> accounts(kAccounts);
    const auto visit = [&](size_t i, absl::Span<const rcu::Entry* const> entries) {
      for (const rcu::Entry* entry : entries) {
        Account& account = accounts[i++];
        if (entry == nullptr) continue;
        EXPECT_TRUE(absl::SimpleAtoi(std::string(entry->value()), &account.balance));
        account.mod_revision = entry->mod_revision();
      }
    };
    table()->LookupSnapshot(keys_, visit);
    return accounts;
  }

  static uint64_t Sum(const std::vector<Account>& accounts) {
    uint64_t sum = 0;
    for (const Account& account : accounts) sum += account.balance;
    return sum;
  }

  Transaction Transfer(size_t from, size_t to, uint64_t amount,
                       const std::vector<Account>& accounts) const {
    Transaction transfer = {.table = tables_->FindShared("")};
    const auto set = [&](size_t i, uint64_t balance) {
      transfer.compares.push_back(
          {.key = names_[i], .target = Compare::ModRevision{accounts[i].mod_revision}});
      if (balance == 0) {
        transfer.success.push_back(Delete{names_[i]});
      } else {
        transfer.success.push_back(Put{names_[i], absl::StrCat(balance)});
      }
    };
    set(from, accounts[from].balance - amount);
    set(to, accounts[to].balance + amount);
    return transfer;
  }

  // Makes transfers until kTransfers have succeeded.
  void MakeTransfers(unsigned seed) {
    std::mt19937 random(seed);
    for (uint64_t succeeded = 0; succeeded < kTransfers;) {
      const std::vector<Account> accounts = Snapshot();
      const size_t from = random() % kAccounts;
      const size_t to = (from + 1 + random() % (kAccounts - 1)) % kAccounts;
      if (accounts[from].balance == 0) continue;
      // Now and then all of it: the account's entry goes, and comes back.
      const uint64_t amount = random() % 4 == 0 ? accounts[from].balance
                                                : 1 + random() % accounts[from].balance;
      const Result result = Submit(Transfer(from, to, amount, accounts)).get();
      ASSERT_TRUE(result.ok()) << result.status();
      if (result->succeeded) ++succeeded;
    }
  }

  std::vector<std::string> names_;
  std::vector<std::string_view> keys_;
};

TEST_P(TransfersTest, EverySnapshotShowsEachAsAWholeOrNotAtAll) {
  ASSERT_NO_FATAL_FAILURE(OpenAccounts());
  std::atomic<bool> done{false};
  std::atomic<uint64_t> snapshots{0};
  std::atomic<uint64_t> torn{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      // relaxed, here and below: a flag and counts; join orders them.
      while (!done.load(std::memory_order_relaxed)) {
        const uint64_t sum = Sum(Snapshot());
        snapshots.fetch_add(1, std::memory_order_relaxed);
        if (sum != kAccounts * kBalance) torn.fetch_add(1, std::memory_order_relaxed);
        // Or the writers would starve where a lock prefers readers.
        std::this_thread::yield();
      }
    });
  }
  std::vector<std::thread> writers;
  for (unsigned i = 0; i < kWriters; ++i) {
    writers.emplace_back([this, i] { MakeTransfers(i); });
  }
  for (std::thread& writer : writers) writer.join();
  done.store(true, std::memory_order_relaxed);
  for (std::thread& reader : readers) reader.join();
  EXPECT_GT(snapshots.load(std::memory_order_relaxed), 0u);
  EXPECT_EQ(torn.load(std::memory_order_relaxed), 0u);
  EXPECT_EQ(Sum(Snapshot()), kAccounts * kBalance);
  EXPECT_EQ(store_->revision(), 1 + kWriters * kTransfers);
}

// Transactions that come from one thread without waiting share batches: each sees what
// those before it did.
TEST_P(TransfersTest, ThoseThatShareABatchCompareWithOneAnother) {
  ASSERT_NO_FATAL_FAILURE(OpenAccounts());
  const std::vector<Account> stale = Snapshot();
  std::vector<std::future<Result>> answers;
  for (int i = 0; i < 500; ++i) answers.push_back(Submit(Transfer(0, 1, 1, stale)));
  int succeeded = 0;
  for (auto& answer : answers) succeeded += answer.get().value().succeeded;
  EXPECT_EQ(succeeded, 1);
  EXPECT_EQ(Sum(Snapshot()), kAccounts * kBalance);
}

TEST_P(TransactionTest, OneOnATableThatIsBeingDeletedFindsItWholeOrNotAtAll) {
  constexpr uint64_t kRounds = 100;
  for (uint64_t round = 0; round < kRounds; ++round) {
    ASSERT_TRUE(tables_->Create("doomed").ok());
    const std::shared_ptr<Table> doomed = table("doomed");
    Transaction fill = {.table = doomed};
    for (int i = 0; i < 200; ++i)
      fill.success.push_back(Put{absl::StrCat("key", i), "v"});
    ASSERT_TRUE(Submit(std::move(fill)).get().ok());
    std::thread deleter([&] { EXPECT_TRUE(tables_->Delete("doomed").ok()); });
    absl::Status status;
    for (uint64_t i = round; status.ok(); ++i) {
      const std::string key = absl::StrCat("key", i % 200);
      const Result result =
          Submit({.table = doomed,
                  .compares = {{.key = key, .target = Compare::Exists{true}}},
                  .success = {Put{"written", "v"}},
                  .failure = {Get{key}}})
              .get();
      status = result.status();
      if (status.ok()) {
        EXPECT_TRUE(result->succeeded) << key;
      }
    }
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound) << status;
    deleter.join();
    EXPECT_EQ(doomed->Size().entries, 0u);
  }
}

INSTANTIATE_TEST_SUITE_P(Flavors, TransactionTest, EveryFlavor(), FlavorOfTest);
INSTANTIATE_TEST_SUITE_P(Flavors, TransfersTest, EveryFlavor(), FlavorOfTest);

}  // namespace
}  // namespace rcukv
