#include "server/store/batch.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "rcu/entry.h"
#include "server/store/store.h"
#include "server/table/protection.h"
#include "server/table/table.h"

namespace rcukv {
namespace {

using rcu::Entry;

// The batches of these tests come after this revision.
constexpr uint64_t kBefore = 100;

class BatchTest : public testing::Test {
 protected:
  using Answers = std::vector<absl::StatusOr<WriteResult>>;

  // An entry that is there before the batch.
  void Stored(std::string_view key, std::string_view value, uint64_t mod_revision,
              uint64_t create_revision) {
    ASSERT_EQ(table_->Upsert(Entry::New(
                  key, value,
                  {.mod_revision = mod_revision, .create_revision = create_revision})),
              nullptr);
  }

  Write Put(std::string key, std::string value,
            std::optional<uint64_t> expected = std::nullopt) {
    return {
        .table = table_, .key = key, .value = value, .expected_mod_revision = expected};
  }
  Write Delete(std::string key, std::optional<uint64_t> expected = std::nullopt) {
    return {.table = table_, .key = key, .expected_mod_revision = expected};
  }

  void Evaluate(std::vector<Write> writes, MemoryBudget budget = {}) {
    writes_ = std::move(writes);
    batch_.emplace(kBefore, budget);
    for (const Write& write : writes_) batch_->Add(write);
    answers_ = batch_->TakeAnswers().writes;
  }

  // The answers of the last Evaluate, in short: a revision, "-" for a delete of nothing,
  // or a status code.
  std::vector<std::string> Outcome() {
    std::vector<std::string> outcome;
    for (size_t i = 0; i < answers_.size(); ++i) {
      const absl::StatusOr<WriteResult>& answer = answers_[i];
      if (!answer.ok()) {
        outcome.push_back(absl::StatusCodeToString(answer.status().code()));
      } else if (!writes_[i].value && !answer->deleted) {
        outcome.push_back("-");
      } else {
        outcome.push_back(std::to_string(answer->revision));
      }
    }
    return outcome;
  }

  using Expected = std::vector<std::string>;

  std::unique_ptr<Protection> protection_ = Protection::Create(Flavor::kMb).value();
  std::shared_ptr<Table> table_ = protection_->NewTable("test");
  std::vector<Write> writes_;
  std::optional<Batch> batch_;
  Answers answers_;
};

TEST_F(BatchTest, GivesEachChangeTheNextRevision) {
  Evaluate({Put("a", "1"), Put("b", "2"), Delete("a"), Put("a", "3")});
  EXPECT_EQ(Outcome(), (Expected{"101", "102", "103", "104"}));
  EXPECT_EQ(batch_->revision(), 104u);
  ASSERT_EQ(batch_->changes().size(), 4u);
  for (uint64_t i = 0; i < 4; ++i) {
    EXPECT_EQ(batch_->changes()[i].revision, kBefore + 1 + i);
  }
}

TEST_F(BatchTest, ADeleteOfAMissingKeyChangesNothingAndTakesNoRevision) {
  Evaluate({Delete("a"), Put("b", "2"), Delete("a")});
  EXPECT_EQ(Outcome(), (Expected{"-", "101", "-"}));
  EXPECT_EQ(answers_[0]->revision, kBefore);
  EXPECT_EQ(answers_[2]->revision, kBefore + 1);
  EXPECT_EQ(batch_->changes().size(), 1u);
}

TEST_F(BatchTest, PublishesNothingItself) {
  Evaluate({Put("a", "1")});
  EXPECT_EQ(table_->Size().entries, 0u);
}

TEST_F(BatchTest, AReplaceKeepsTheCreateRevisionAndADeleteEndsIt) {
  Stored("old", "value", 7, 3);
  Evaluate({Put("old", "1"), Put("old", "2"), Delete("old"), Put("old", "3"),
            Put("new", "4"), Put("new", "5")});
  const auto create_revision = [&](size_t i) {
    return batch_->changes()[i].entry->create_revision();
  };
  EXPECT_EQ(create_revision(0), 3u);
  EXPECT_EQ(create_revision(1), 3u);
  EXPECT_EQ(batch_->changes()[2].entry, nullptr);
  EXPECT_EQ(create_revision(3), 104u);
  EXPECT_EQ(create_revision(4), 105u);
  EXPECT_EQ(create_revision(5), 105u);
}

TEST_F(BatchTest, ComparesWithTheTableAndWithWhatTheBatchDidBefore) {
  Stored("a", "value", 7, 7);
  Evaluate({Put("a", "1", 6), Put("a", "1", 7), Put("a", "2", 7), Put("a", "2", 101),
            Delete("a", 7), Delete("a", 102), Delete("a", 102), Delete("a", 0),
            Put("a", "3", 0), Put("a", "4", 0)});
  const std::string refused = "FAILED_PRECONDITION";
  EXPECT_EQ(Outcome(), (Expected{refused, "101", refused, "102", refused, "103", refused,
                                 "-", "104", refused}));
}

TEST_F(BatchTest, ARefusalNamesTheKeyAndBothRevisions) {
  Stored("a\n", "value", 7, 7);
  Evaluate({Put("a\n", "1", 6), Delete("b", 6)});
  EXPECT_EQ(answers_[0].status().message(),
            "key \"a\\n\" of table \"test\" has mod_revision 7, expected 6");
  EXPECT_EQ(
      answers_[1].status().message(),
      "key \"b\" of table \"test\" has mod_revision 0 (it does not exist), expected "
      "6");
}

TEST_F(BatchTest, KeysOfTwoTablesAreNotMixedUp) {
  const std::shared_ptr<Table> other = protection_->NewTable("other");
  Write write = Put("a", "1", 0);
  write.table = other;
  Evaluate({Put("a", "1", 0), write, write});
  EXPECT_EQ(Outcome(), (Expected{"101", "102", "FAILED_PRECONDITION"}));
  EXPECT_EQ(batch_->changes()[1].table, other.get());
}

TEST_F(BatchTest, AWriteToADroppedTableIsNotFound) {
  table_->Drop();
  Evaluate({Put("a", "1"), Delete("a")});
  EXPECT_EQ(Outcome(), (Expected{"NOT_FOUND", "NOT_FOUND"}));
}

TEST_F(BatchTest, AKeyThatNoEntryCanHoldIsInvalid) {
  Evaluate({Put("", "1"), Put(std::string(Entry::kMaxKeyBytes, 'k'), "1"),
            Put(std::string(Entry::kMaxKeyBytes + 1, 'k'), "1"), Delete("")});
  EXPECT_EQ(Outcome(), (Expected{"INVALID_ARGUMENT", "101", "INVALID_ARGUMENT",
                                 "INVALID_ARGUMENT"}));
}

TEST_F(BatchTest, RefusesWhatGrowsPastTheBudgetAndNothingElse) {
  const std::string value(1000, 'v');
  Stored("old", value, 7, 7);
  const MemoryBudget full = {.used_bytes = 5000, .limit_bytes = 5000};
  Evaluate({Put("new", "1"), Put("old", value + "+"), Put("old", value), Put("old", ""),
            Put("new", std::string(500, 'v')), Put("newer", std::string(500, 'v')),
            Delete("old"), Delete("missing")},
           full);
  const std::string refused = "RESOURCE_EXHAUSTED";
  // The entry of "old" is 16 bytes larger from its second revision on.
  EXPECT_EQ(Outcome(),
            (Expected{refused, refused, refused, "101", "102", refused, "103", "-"}));
  EXPECT_EQ(
      answers_[0].status().message(),
      "the tables take 5000 bytes, and 20 more would exceed the memory limit of 5000; "
      "delete something, or raise the limit");
}

TEST_F(BatchTest, ADeleteInTheBatchMakesRoom) {
  Stored("old", std::string(1000, 'v'), 7, 7);
  const MemoryBudget full = {.used_bytes = 5000, .limit_bytes = 5000};
  Evaluate({Delete("old"), Put("new", std::string(900, 'v'))}, full);
  EXPECT_EQ(Outcome(), (Expected{"101", "102"}));
}

TEST_F(BatchTest, UsedBytesThatLackATableBeingDeletedDoNotUnderflow) {
  Stored("old", std::string(1000, 'v'), 7, 7);
  const MemoryBudget budget = {.used_bytes = 10, .limit_bytes = 5000};
  Evaluate({Delete("old"), Put("new", "1")}, budget);
  EXPECT_EQ(Outcome(), (Expected{"101", "102"}));
}

}  // namespace
}  // namespace rcukv
