// What a transaction does to a batch.
#include <cstdint>
#include <deque>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "rcu/entry.h"
#include "server/store/batch.h"
#include "server/store/store.h"
#include "server/store/transaction.h"
#include "server/table/protection.h"
#include "server/table/table.h"

namespace rcukv {
namespace {

using Compare = Transaction::Compare;
using Get = Transaction::Get;
using Put = Transaction::Put;
using Delete = Transaction::Delete;
using Operations = std::vector<Transaction::Operation>;
using Result = absl::StatusOr<Transaction::Result>;

// The batches of these tests come after this revision.
constexpr uint64_t kBefore = 100;

class BatchTransactionTest : public testing::Test {
 protected:
  // An entry that is there before the batch.
  void Stored(std::string_view key, std::string_view value, uint64_t mod_revision = 7,
              uint64_t create_revision = 3) {
    const rcu::EntryMeta meta = {.mod_revision = mod_revision,
                                 .create_revision = create_revision};
    ASSERT_EQ(table_->Upsert(rcu::Entry::New(key, value, meta)), nullptr);
  }

  // As the batch would leave it; null: it would not be there, or was not written.
  const rcu::Entry* Written(std::string_view key) {
    const rcu::Entry* written = nullptr;
    for (const Change& change : batch_.changes()) {
      if (change.key == key) written = change.entry.get();
    }
    return written;
  }

  Transaction Of(std::vector<Compare> compares, Operations success,
                 Operations failure = {}) {
    return {.table = table_,
            .compares = std::move(compares),
            .success = std::move(success),
            .failure = std::move(failure)};
  }

  void Add(Transaction transaction) {
    batch_.Add(transactions_.emplace_back(std::move(transaction)));
  }
  void Add(std::string key, std::optional<std::string> value,
           std::optional<uint64_t> expected = std::nullopt) {
    batch_.Add(writes_.emplace_back(Write{.table = table_,
                                          .key = std::move(key),
                                          .value = std::move(value),
                                          .expected_mod_revision = expected}));
  }

  // The answer to a transaction alone.
  Result Evaluate(Transaction transaction) {
    Add(std::move(transaction));
    return std::move(batch_.TakeAnswers().transactions.back());
  }

  static uint64_t RevisionOf(const Transaction::Response& response) {
    return std::visit([](const auto& one) { return one.revision; }, response);
  }
  // The value; nothing where there is no such key.
  static std::optional<std::string> ValueOf(const Transaction::Response& response) {
    const rcu::Entry* const entry = std::get<Transaction::Got>(response).entry.get();
    if (entry == nullptr) return std::nullopt;
    return std::string(entry->value());
  }

  std::unique_ptr<Protection> protection_ = Protection::Create(Flavor::kMb).value();
  std::shared_ptr<Table> table_ = protection_->NewTable("test");
  // Where they stay, as a batch wants it.
  std::deque<Write> writes_;
  std::deque<Transaction> transactions_;
  Batch batch_{kBefore, {}};
};

// ---- Compares

struct CompareCase {
  std::string key;
  decltype(Compare::target) target;
  // The relations that hold, of "=><!".
  std::string holds;
};

std::string RelationsThatHold(Batch& batch, const std::shared_ptr<Table>& table,
                              const CompareCase& test) {
  constexpr std::pair<char, Compare::Relation> kRelations[] = {
      {'=', Compare::Relation::kEqual},
      {'>', Compare::Relation::kGreater},
      {'<', Compare::Relation::kLess},
      {'!', Compare::Relation::kNotEqual}};
  std::deque<Transaction> transactions;
  for (const auto& [sign, relation] : kRelations) {
    batch.Add(transactions.emplace_back(Transaction{
        .table = table,
        .compares = {{.key = test.key, .relation = relation, .target = test.target}}}));
  }
  const BatchAnswers answers = batch.TakeAnswers();
  std::string holds;
  for (size_t i = 0; i < std::size(kRelations); ++i) {
    const Result& answer = answers.transactions[i];
    if (answer.value().succeeded) holds.push_back(kRelations[i].first);
  }
  return holds;
}

TEST_F(BatchTransactionTest, EachCompareHoldsOrDoesNot) {
  Stored("k", "m", /*mod_revision=*/7, /*create_revision=*/3);
  const CompareCase cases[] = {
      {"k", Compare::ModRevision{7}, "="},
      {"k", Compare::ModRevision{6}, ">!"},
      {"k", Compare::ModRevision{8}, "<!"},
      {"none", Compare::ModRevision{0}, "="},
      {"none", Compare::ModRevision{1}, "<!"},
      {"k", Compare::CreateRevision{3}, "="},
      {"k", Compare::CreateRevision{0}, ">!"},
      {"k", Compare::CreateRevision{UINT64_MAX}, "<!"},
      {"none", Compare::CreateRevision{0}, "="},
      {"none", Compare::CreateRevision{1}, "<!"},
      {"k", Compare::Value{"m"}, "="},
      {"k", Compare::Value{"a"}, ">!"},
      {"k", Compare::Value{""}, ">!"},
      {"k", Compare::Value{"mm"}, "<!"},
      // Bytes have no sign.
      {"k", Compare::Value{"\xff"}, "<!"},
      // No value relates to one that is not there.
      {"none", Compare::Value{""}, ""},
      {"none", Compare::Value{"m"}, ""},
      {"k", Compare::Exists{true}, "="},
      {"k", Compare::Exists{false}, ">!"},
      {"none", Compare::Exists{false}, "="},
      {"none", Compare::Exists{true}, "<!"},
  };
  for (const CompareCase& test : cases) {
    Batch batch(kBefore, {});
    EXPECT_EQ(RelationsThatHold(batch, table_, test), test.holds)
        << "case " << &test - cases;
  }
}

TEST_F(BatchTransactionTest, ComparesAreWithWhatTheBatchDidBefore) {
  Stored("replaced", "old");
  Stored("deleted", "old");
  const CompareCase cases[] = {
      {"replaced", Compare::ModRevision{101}, "="},
      {"replaced", Compare::CreateRevision{3}, "="},
      {"replaced", Compare::Value{"new"}, "="},
      {"deleted", Compare::ModRevision{0}, "="},
      {"deleted", Compare::CreateRevision{0}, "="},
      {"deleted", Compare::Value{"old"}, ""},
      {"deleted", Compare::Exists{false}, "="},
      {"created", Compare::CreateRevision{103}, "="},
      {"created", Compare::Value{"new"}, "="},
  };
  const Write before[] = {{.table = table_, .key = "replaced", .value = "new"},
                          {.table = table_, .key = "deleted"},
                          {.table = table_, .key = "created", .value = "new"}};
  for (const CompareCase& test : cases) {
    Batch batch(kBefore, {});
    for (const Write& write : before) batch.Add(write);
    EXPECT_EQ(RelationsThatHold(batch, table_, test), test.holds)
        << "case " << &test - cases;
  }
}

TEST_F(BatchTransactionTest, AllComparesMustHold) {
  Stored("a", "1");
  const Compare holds = {.key = "a", .target = Compare::Value{"1"}};
  const Compare fails = {.key = "a", .target = Compare::Value{"2"}};
  Add(Of({}, {}));
  Add(Of({holds, holds}, {}));
  Add(Of({holds, fails}, {}));
  Add(Of({fails, holds}, {}));
  const BatchAnswers answers = batch_.TakeAnswers();
  std::vector<bool> succeeded;
  for (const Result& answer : answers.transactions) {
    succeeded.push_back(answer.value().succeeded);
  }
  EXPECT_EQ(succeeded, (std::vector<bool>{true, true, false, false}));
}

// ---- Branches

TEST_F(BatchTransactionTest, OneOfTheBranchesIsDone) {
  const auto transaction = [this](uint64_t revision) {
    return Of({{.key = "a", .target = Compare::ModRevision{revision}}},
              {Put{"a", "success"}}, {Put{"a", "failure"}, Put{"b", "failure"}});
  };
  Stored("a", "old", /*mod_revision=*/7);
  Add(transaction(6));
  Add(transaction(101));
  const BatchAnswers answers = batch_.TakeAnswers();
  EXPECT_FALSE(answers.transactions[0].value().succeeded);
  EXPECT_EQ(answers.transactions[0]->responses.size(), 2u);
  EXPECT_TRUE(answers.transactions[1].value().succeeded);
  EXPECT_EQ(answers.transactions[1]->responses.size(), 1u);
  EXPECT_EQ(Written("a")->value(), "success");
  EXPECT_EQ(Written("b")->value(), "failure");
}

TEST_F(BatchTransactionTest, ItsChangesHaveOneRevisionAndTheNextWriteHasTheNext) {
  Stored("old", "value", 7, 3);
  Stored("gone", "value");
  Add("first", "1");
  Add(Of({}, {Put{"old", "2"}, Delete{"gone"}, Put{"new", "3"}}));
  Add("last", "4");
  EXPECT_EQ(batch_.revision(), 103u);
  std::vector<uint64_t> revisions;
  for (const Change& change : batch_.changes()) revisions.push_back(change.revision);
  EXPECT_EQ(revisions, (std::vector<uint64_t>{101, 102, 102, 102, 103}));
  EXPECT_EQ(Written("old")->mod_revision(), 102u);
  EXPECT_EQ(Written("old")->create_revision(), 3u);
  EXPECT_EQ(Written("new")->mod_revision(), 102u);
  EXPECT_EQ(Written("new")->create_revision(), 102u);
  EXPECT_EQ(Written("gone"), nullptr);
  const BatchAnswers answers = batch_.TakeAnswers();
  EXPECT_EQ(answers.transactions[0]->revision, 102u);
  EXPECT_EQ(answers.writes[1]->revision, 103u);
}

TEST_F(BatchTransactionTest, LaterWritesOfTheBatchCompareWithWhatItDid) {
  Stored("a", "old");
  Add(Of({}, {Put{"a", "1"}, Put{"b", "1"}}));
  Add("a", "2", 7);
  Add("a", "2", 101);
  Add("b", std::nullopt, 101);
  Add(Of({{.key = "a", .target = Compare::ModRevision{102}},
          {.key = "b", .target = Compare::Exists{false}}},
         {Delete{"a"}}));
  Add("a", "3", 0);
  const BatchAnswers answers = batch_.TakeAnswers();
  EXPECT_EQ(answers.writes[0].status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(answers.writes[1]->revision, 102u);
  EXPECT_TRUE(answers.writes[2]->deleted);
  EXPECT_TRUE(answers.transactions[1]->succeeded);
  EXPECT_EQ(answers.writes[3]->revision, 105u);
}

TEST_F(BatchTransactionTest, AGetShowsTheOperationsBeforeItAndNoneBehindIt) {
  Stored("a", "old");
  Stored("b", "old");
  const Result result =
      Evaluate(Of({}, {Get{"a"}, Put{"a", "new"}, Get{"a"}, Get{"c"}, Delete{"b"},
                       Get{"b"}, Delete{"none"}, Put{"c", "new"}}));
  const auto& responses = result.value().responses;
  ASSERT_EQ(responses.size(), 8u);
  EXPECT_EQ(ValueOf(responses[0]), "old");
  EXPECT_EQ(ValueOf(responses[2]), "new");
  EXPECT_EQ(ValueOf(responses[3]), std::nullopt);
  EXPECT_TRUE(std::get<Transaction::Deleted>(responses[4]).existed);
  EXPECT_EQ(ValueOf(responses[5]), std::nullopt);
  EXPECT_FALSE(std::get<Transaction::Deleted>(responses[6]).existed);
  // What a get shows is what its revision says.
  EXPECT_EQ(RevisionOf(responses[0]), 100u);
  for (size_t i = 1; i < responses.size(); ++i) {
    EXPECT_EQ(RevisionOf(responses[i]), 101u) << i;
  }
}

TEST_F(BatchTransactionTest, AGetShowsWhatTheBatchDidBefore) {
  Stored("deleted", "old");
  Add("replaced", "new");
  Add("deleted", std::nullopt);
  const Result result = Evaluate(Of({}, {Get{"replaced"}, Get{"deleted"}}));
  EXPECT_EQ(ValueOf(result->responses[0]), "new");
  EXPECT_EQ(ValueOf(result->responses[1]), std::nullopt);
  EXPECT_EQ(result->revision, 102u);
}

TEST_F(BatchTransactionTest, WhatWritesNothingTakesNoRevision) {
  Stored("a", "old");
  Add("first", "1");
  const Result reads = Evaluate(Of({}, {Get{"a"}}));
  EXPECT_EQ(reads->revision, 101u);
  EXPECT_EQ(Evaluate(Of({}, {}))->revision, 101u);
  const Result deletes = Evaluate(Of({}, {Delete{"none"}, Delete{"nothing"}}));
  EXPECT_EQ(deletes->revision, 101u);
  EXPECT_EQ(RevisionOf(deletes->responses[0]), 101u);
  EXPECT_EQ(batch_.revision(), 101u);
  EXPECT_EQ(batch_.changes().size(), 1u);
}

TEST_F(BatchTransactionTest, ALargeValueIsReferredToAndOutlivesItsEntry) {
  const std::string large(rcu::Entry::kShareableValueBytes, 'v');
  Stored("large", large);
  const Result result = Evaluate(Of({}, {Get{"large"}}));
  rcu::EntryDeleter()(table_->Unlink("large"));
  EXPECT_EQ(ValueOf(result->responses[0]), large);
}

// ---- What is refused is undone

TEST_F(BatchTransactionTest, OneThatReadsMoreThanItMayIsUndoneAndSaysHowMuch) {
  Stored("a", std::string(600, 'v'));
  Transaction transaction =
      Of({}, {Put{"b", "x"}, Get{"a"}, Get{"none"}, Get{"a"}, Get{"b"}});
  transaction.max_read_bytes = 1203;
  Add(transaction);
  transaction.max_read_bytes = 1204;
  Add(transaction);
  // The failure branch is named as such.
  std::swap(transaction.success, transaction.failure);
  transaction.compares = {{.key = "a", .target = Compare::Exists{false}}};
  transaction.max_read_bytes = 1;
  Add(transaction);
  const BatchAnswers answers = batch_.TakeAnswers();
  EXPECT_EQ(answers.transactions[0].status(),
            absl::InvalidArgumentError(
                "success: 1204 bytes of keys and values in the response, the limit is "
                "1203 (max_response_bytes)"));
  EXPECT_EQ(answers.transactions[1].value().revision, 101u);
  EXPECT_EQ(answers.transactions[2].status().message().substr(0, 8), "failure:");
  EXPECT_EQ(batch_.revision(), 101u);
  EXPECT_EQ(batch_.changes().size(), 1u);
}

TEST_F(BatchTransactionTest, OneThatIsRefusedLeavesNothingBehind) {
  Stored("replaced", "old");
  Stored("deleted", "old");
  Add("batched", "old");
  const std::string too_long(rcu::Entry::kMaxKeyBytes + 1, 'k');
  // A key twice, too, which is against the contract.
  Add(Of({}, {Put{"replaced", "x"}, Delete{"deleted"}, Put{"created", "x"},
              Put{"batched", "x"}, Put{"batched", "y"}, Put{too_long, "x"}}));
  Add(Of({}, {Put{"created", "x"}, Delete{""}}));
  EXPECT_EQ(batch_.revision(), 101u);
  EXPECT_EQ(batch_.changes().size(), 1u);
  Add(Of({{.key = "batched", .target = Compare::Value{"old"}}}, {Get{"batched"}}));
  Add("replaced", "new", 7);
  Add("deleted", "new", 7);
  Add("created", "new", 0);
  Add("batched", "new", 101);
  const BatchAnswers answers = batch_.TakeAnswers();
  EXPECT_EQ(answers.transactions[0].status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(answers.transactions[1].status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(answers.transactions[2]->succeeded);
  EXPECT_EQ(ValueOf(answers.transactions[2]->responses[0]), "old");
  for (const auto& answer : answers.writes) EXPECT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(batch_.revision(), 105u);
}

TEST_F(BatchTransactionTest, OneThatExceedsTheBudgetIsUndoneAndItsRoomIsFree) {
  const std::string value(1000, 'v');
  Stored("old", value);
  Batch batch(kBefore, {.used_bytes = 5000, .limit_bytes = 6200});
  const Transaction too_much = Of({}, {Put{"a", value}, Put{"b", value}});
  const Transaction makes_room =
      Of({}, {Delete{"old"}, Put{"a", value}, Put{"b", value}});
  const Transaction small = Of({}, {Put{"c", "x"}});
  batch.Add(too_much);
  batch.Add(makes_room);
  batch.Add(too_much);
  batch.Add(small);
  const BatchAnswers answers = batch.TakeAnswers();
  EXPECT_EQ(answers.transactions[0].status().code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(answers.transactions[1].value().revision, 101u);
  // Replaces what is there, by entries that are larger by 16 bytes each.
  EXPECT_EQ(answers.transactions[2].value().revision, 102u);
  EXPECT_EQ(answers.transactions[3].value().revision, 103u);
}

TEST_F(BatchTransactionTest, OneOfADroppedTableIsNotFound) {
  Stored("a", "old");
  table_->Drop();
  Add(Of({{.key = "a", .target = Compare::Exists{false}}}, {Put{"a", "x"}}));
  Add(Of({}, {}));
  const BatchAnswers answers = batch_.TakeAnswers();
  EXPECT_EQ(answers.transactions[0].status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(answers.transactions[1].status().code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(batch_.changes().empty());
}

}  // namespace
}  // namespace rcukv
