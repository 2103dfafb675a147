// The parts of the committer that no store shows: the durability step, batches, the
// queue.
#include "server/store/committer.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "rcu/entry.h"
#include "server/store/batch.h"
#include "server/store/change_history.h"
#include "server/store/store.h"
#include "server/store/transaction.h"
#include "server/table/protection.h"
#include "server/table/table.h"

namespace rcukv {
namespace {

using Result = absl::StatusOr<WriteResult>;

class CommitterTest : public testing::Test {
 protected:
  std::future<Result> Submit(Committer& committer, std::string key,
                             std::optional<std::string> value) {
    auto promise = std::make_shared<std::promise<Result>>();
    committer.Submit(
        {.table = table_,
         .key = std::move(key),
         .value = std::move(value),
         .done = [promise](Result result) { promise->set_value(std::move(result)); }});
    return promise->get_future();
  }

  std::future<absl::StatusOr<Transaction::Result>> SubmitTransaction(
      Committer& committer, std::vector<Transaction::Operation> operations) {
    using Answer = absl::StatusOr<Transaction::Result>;
    auto promise = std::make_shared<std::promise<Answer>>();
    committer.SubmitTransaction(
        {.table = table_,
         .success = std::move(operations),
         .done = [promise](Answer answer) { promise->set_value(std::move(answer)); }});
    return promise->get_future();
  }

  bool Exists(std::string_view key) const {
    bool exists = false;
    table_->LookupOne(key, [&](const rcu::Entry* entry) { exists = entry != nullptr; });
    return exists;
  }

  std::unique_ptr<Protection> protection_ = Protection::Create(Flavor::kMb).value();
  std::shared_ptr<Table> table_ = protection_->NewTable("test");
};

TEST_F(CommitterTest, GoesOnFromTheInitialRevision) {
  Committer committer(*protection_, {.initial_revision = 41});
  EXPECT_EQ(committer.revision(), 41u);
  EXPECT_EQ(Submit(committer, "a", "1").get()->revision, 42u);
  EXPECT_EQ(committer.revision(), 42u);
}

TEST_F(CommitterTest, NobodySeesAWriteBeforeItIsDurable) {
  std::promise<void> reached;
  std::promise<void> durable;
  Committer committer(*protection_, {.make_durable = [&](absl::Span<const Change>) {
    reached.set_value();
    durable.get_future().wait();
    return absl::OkStatus();
  }});
  std::future<Result> answer = Submit(committer, "a", "1");
  reached.get_future().wait();
  EXPECT_FALSE(Exists("a"));
  EXPECT_EQ(committer.revision(), 0u);
  durable.set_value();
  EXPECT_TRUE(answer.get().ok());
  EXPECT_TRUE(Exists("a"));
  EXPECT_EQ(committer.revision(), 1u);
}

TEST_F(CommitterTest, MakesEveryChangeDurableInOrder) {
  std::vector<std::pair<uint64_t, std::string>> log;
  Committer committer(
      *protection_, {.make_durable = [&](absl::Span<const Change> changes) {
        for (const Change& change : changes) {
          log.emplace_back(change.revision,
                           std::string(change.key) + (change.entry ? "=" : " gone"));
        }
        return absl::OkStatus();
      }});
  (void)Submit(committer, "a", "1");
  (void)Submit(committer, "missing", std::nullopt);
  (void)Submit(committer, "a", std::nullopt);
  (void)Submit(committer, "b", "2");
  committer.Stop();
  EXPECT_EQ(log, (std::vector<std::pair<uint64_t, std::string>>{
                     {1, "a="}, {2, "a gone"}, {3, "b="}}));
}

TEST_F(CommitterTest, ABatchThatCannotBeMadeDurableChangesNothing) {
  bool broken = true;
  Committer committer(*protection_, {.make_durable = [&](absl::Span<const Change>) {
    return broken ? absl::DataLossError("disk") : absl::OkStatus();
  }});
  EXPECT_EQ(Submit(committer, "a", "1").get().status(), absl::DataLossError("disk"));
  EXPECT_FALSE(Exists("a"));
  EXPECT_EQ(committer.revision(), 0u);
  committer.Stop();
}

TEST_F(CommitterTest, WhoIsWokenCanReadWhatTheHistoryHas) {
  class Reader final : public ChangeHistory::Waiter {
   public:
    explicit Reader(std::function<void()> read) : read_(std::move(read)) {}

   private:
    void Wake() override { read_(); }

    const std::function<void()> read_;
  };
  Committer committer(*protection_, {.history = {.max_bytes = 1 << 20}});
  bool exists = false;
  uint64_t revision = 0;
  Reader reader([&] {
    exists = Exists("a");
    revision = committer.revision();
  });
  ASSERT_EQ(committer.history()->Find(1, &reader).value(), nullptr);
  EXPECT_TRUE(Submit(committer, "a", "1").get().ok());
  // The answer comes behind the history, so it has woken.
  EXPECT_TRUE(exists);
  EXPECT_EQ(revision, 1u);
  EXPECT_EQ(committer.history()->Find(1, nullptr).value()->events.at(0).key(), "a");
  committer.history()->Forget(reader);
}

TEST_F(CommitterTest, TheHistoryGoesOnFromTheInitialRevisionAndHasWhatIsDurable) {
  bool broken = false;
  Committer committer(*protection_, {.initial_revision = 41,
                                     .history = {.max_bytes = 1 << 20},
                                     .make_durable = [&](absl::Span<const Change>) {
                                       return broken ? absl::DataLossError("disk")
                                                     : absl::OkStatus();
                                     }});
  EXPECT_EQ(committer.history()->oldest_revision(), 42u);
  EXPECT_TRUE(Submit(committer, "a", "1").get().ok());
  broken = true;
  EXPECT_FALSE(Submit(committer, "a", "2").get().ok());
  EXPECT_EQ(committer.history()->last_revision(), 42u);
  EXPECT_EQ(committer.history()->Find(42, nullptr).value()->events.size(), 1u);
}

TEST_F(CommitterTest, NoHistoryIsKeptWhereThereIsNoRoomForOne) {
  Committer committer(*protection_, {});
  EXPECT_EQ(committer.history(), nullptr);
  EXPECT_TRUE(Submit(committer, "a", "1").get().ok());
}

TEST_F(CommitterTest, ATransactionIsMadeDurableTogetherAndNotAtAllWhereItWritesNothing) {
  std::vector<std::vector<uint64_t>> log;
  Committer committer(*protection_,
                      {.make_durable = [&](absl::Span<const Change> changes) {
                        log.emplace_back();
                        for (const Change& change : changes)
                          log.back().push_back(change.revision);
                        return absl::OkStatus();
                      }});
  using Put = Transaction::Put;
  using Delete = Transaction::Delete;
  SubmitTransaction(committer, {Put{"a", "1"}, Put{"b", "2"}}).wait();
  SubmitTransaction(committer, {Transaction::Get{"a"}, Delete{"missing"}}).wait();
  SubmitTransaction(committer, {Delete{"a"}, Delete{"b"}}).wait();
  committer.Stop();
  EXPECT_EQ(log, (std::vector<std::vector<uint64_t>>{{1, 1}, {2, 2}}));
}

TEST_F(CommitterTest, NothingIsSeenOfATransactionThatCannotBeMadeDurable) {
  Committer committer(*protection_, {.make_durable = [](absl::Span<const Change>) {
    return absl::DataLossError("disk");
  }});
  const auto answer =
      SubmitTransaction(committer, {Transaction::Put{"a", "1"}, Transaction::Get{"a"}})
          .get();
  EXPECT_EQ(answer.status(), absl::DataLossError("disk"));
  EXPECT_FALSE(Exists("a"));
  EXPECT_EQ(committer.revision(), 0u);
  // Reads go on.
  const auto read = SubmitTransaction(committer, {Transaction::Get{"a"}}).get();
  EXPECT_EQ(std::get<Transaction::Got>(read.value().responses[0]).entry.get(), nullptr);
}

// Holds the committer in its first write's `done` until released, so that what is
// submitted meanwhile waits in the queue together.
class Holdup {
 public:
  explicit Holdup(Committer& committer, std::shared_ptr<Table> table) {
    std::promise<void> reached;
    committer.Submit(
        {.table = std::move(table),
         .key = "holdup",
         .value = "",
         .done = [&reached, released = released_.get_future().share()](Result) {
           reached.set_value();
           released.wait();
         }});
    reached.get_future().wait();
  }
  void Release() { released_.set_value(); }

 private:
  std::promise<void> released_;
};

TEST_F(CommitterTest, BatchesAreBoundedInWritesAndBytes) {
  std::vector<size_t> sizes;
  Committer committer(*protection_,
                      {.max_batch_writes = 4,
                       .max_batch_bytes = 2000,
                       .make_durable = [&](absl::Span<const Change> changes) {
                         sizes.push_back(changes.size());
                         return absl::OkStatus();
                       }});
  Holdup holdup(committer, table_);
  for (int i = 0; i < 6; ++i) (void)Submit(committer, std::to_string(i), "small");
  for (int i = 0; i < 3; ++i) {
    (void)Submit(committer, std::to_string(i), std::string(3000, 'v'));
  }
  holdup.Release();
  committer.Stop();
  EXPECT_EQ(sizes, (std::vector<size_t>{1, 4, 3, 1, 1}));
}

TEST_F(CommitterTest, WritesThatAreSubmittedTogetherAreMadeDurableTogether) {
  constexpr size_t kWrites = 100;
  std::vector<size_t> sizes;
  Committer committer(*protection_,
                      {.make_durable = [&](absl::Span<const Change> changes) {
                        sizes.push_back(changes.size());
                        return absl::OkStatus();
                      }});
  // The committer is idle, and would begin with the first one if it came alone.
  for (uint64_t round = 0; round < 50; ++round) {
    std::vector<std::future<Result>> answers;
    std::vector<Write> writes;
    for (size_t i = 0; i < kWrites; ++i) {
      auto promise = std::make_shared<std::promise<Result>>();
      answers.push_back(promise->get_future());
      writes.push_back(
          {.table = table_,
           .key = std::to_string(i),
           .value = "1",
           .done = [promise](Result result) { promise->set_value(std::move(result)); }});
    }
    committer.SubmitAll(std::move(writes));
    for (size_t i = 0; i < kWrites; ++i) {
      EXPECT_EQ(answers[i].get()->revision, kWrites * round + i + 1);
    }
  }
  committer.Stop();
  EXPECT_EQ(sizes, std::vector<size_t>(50, kWrites));
}

TEST_F(CommitterTest, WhatIsRefusedOfSeveralIsAnsweredWhereItIsSubmitted) {
  Committer committer(*protection_, {});
  committer.Stop();
  std::vector<absl::StatusCode> answers;
  std::vector<Write> writes(2, {.table = table_, .key = "a", .done = [&](Result result) {
                                  answers.push_back(result.status().code());
                                }});
  committer.SubmitAll(std::move(writes));
  EXPECT_EQ(answers, std::vector<absl::StatusCode>(2, absl::StatusCode::kUnavailable));
}

TEST_F(CommitterTest, WritesAndTransactionsOfABatchAreEachAnsweredWithTheirOwn) {
  Committer committer(*protection_, {});
  Holdup holdup(committer, table_);
  std::vector<std::future<Result>> writes;
  std::vector<std::future<absl::StatusOr<Transaction::Result>>> transactions;
  for (int i = 0; i < 3; ++i) {
    writes.push_back(Submit(committer, std::to_string(i), "1"));
    transactions.push_back(
        SubmitTransaction(committer, {Transaction::Put{"t" + std::to_string(i), "1"}}));
  }
  holdup.Release();
  for (uint64_t i = 0; i < 3; ++i) {
    EXPECT_EQ(writes[i].get()->revision, 2 + 2 * i);
    EXPECT_EQ(transactions[i].get().value().revision, 3 + 2 * i);
  }
}

TEST_F(CommitterTest, ATransactionCountsInABatchAsItsLongerBranch) {
  std::vector<size_t> sizes;
  Committer committer(
      *protection_,
      {.max_batch_writes = 4, .make_durable = [&](absl::Span<const Change> changes) {
         sizes.push_back(changes.size());
         return absl::OkStatus();
       }});
  Holdup holdup(committer, table_);
  using Put = Transaction::Put;
  for (int i = 0; i < 3; ++i) {
    (void)SubmitTransaction(committer, {Put{"a", "1"}, Put{"b", "2"}});
  }
  committer.SubmitTransaction(
      {.table = table_,
       .success = {Put{"a", "1"}},
       .failure = std::vector<Transaction::Operation>(4, Transaction::Get{"a"}),
       .done = [](const auto&) {}});
  (void)SubmitTransaction(committer, {Put{"a", "1"}});
  holdup.Release();
  committer.Stop();
  EXPECT_EQ(sizes, (std::vector<size_t>{1, 4, 3, 1}));
}

TEST_F(CommitterTest, AllOfABatchThatCannotBeMadeDurableAreToldSo) {
  bool is_broken = false;
  Committer committer(*protection_, {.make_durable = [&](absl::Span<const Change>) {
    return is_broken ? absl::DataLossError("disk") : absl::OkStatus();
  }});
  Holdup holdup(committer, table_);
  is_broken = true;
  auto put = Submit(committer, "a", "1");
  auto transaction = SubmitTransaction(committer, {Transaction::Put{"b", "1"}});
  const std::string too_long(rcu::Entry::kMaxKeyBytes + 1, 'k');
  auto refused = SubmitTransaction(committer, {Transaction::Put{too_long, "1"}});
  auto reading = SubmitTransaction(committer, {Transaction::Get{"a"}});
  auto another = Submit(committer, "d", "1");
  holdup.Release();
  const absl::Status disk = absl::DataLossError("disk");
  EXPECT_EQ(put.get().status(), disk);
  EXPECT_EQ(transaction.get().status(), disk);
  EXPECT_EQ(refused.get().status(), disk);
  EXPECT_EQ(reading.get().status(), disk);
  EXPECT_EQ(another.get().status(), disk);
  EXPECT_EQ(committer.revision(), 1u);
  for (const char* key : {"a", "b", "c", "d"}) EXPECT_FALSE(Exists(key)) << key;
}

TEST_F(CommitterTest, RefusesWhenTooMuchIsWaitingAndGoesOn) {
  Committer committer(*protection_, {.max_queued_bytes = 2000});
  Holdup holdup(committer, table_);
  std::future<Result> taken = Submit(committer, "a", std::string(1000, 'v'));
  std::future<Result> refused = Submit(committer, "b", std::string(1000, 'v'));
  EXPECT_EQ(refused.get().status().code(), absl::StatusCode::kResourceExhausted);
  holdup.Release();
  EXPECT_TRUE(taken.get().ok());
  EXPECT_TRUE(Submit(committer, "b", std::string(1000, 'v')).get().ok());
}

TEST_F(CommitterTest, AnAnsweredWriteLeavesRoomForTheNextOne) {
  Committer committer(*protection_, {.max_queued_bytes = 1});
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(Submit(committer, "a", "1").get().ok());
}

TEST_F(CommitterTest, AnAnswerMayBeFollowedByASubmitOfTheSameThread) {
  Committer committer(*protection_, {});
  std::promise<Result> second;
  committer.Submit(
      {.table = table_, .key = "a", .value = "1", .done = [&](Result) {
         committer.Submit(
             {.table = table_, .key = "b", .value = "2", .done = [&](Result r) {
                second.set_value(std::move(r));
              }});
       }});
  EXPECT_EQ(second.get_future().get()->revision, 2u);
}

TEST_F(CommitterTest, WhatACallbackHoldsGoesWhenItIsAnswered) {
  Committer committer(*protection_, {});
  const auto held = std::make_shared<int>(0);
  const std::weak_ptr<int> observer = held;
  std::promise<void> answered;
  committer.Submit(
      {.table = table_, .key = "a", .value = "1", .done = [held](Result) {}});
  // Behind the first: when it is answered, the first one's callback is gone.
  committer.Submit({.table = table_, .key = "b", .value = "2", .done = [&](Result) {
                      EXPECT_EQ(observer.use_count(), 1);
                      answered.set_value();
                    }});
  answered.get_future().wait();
}

}  // namespace
}  // namespace rcukv
