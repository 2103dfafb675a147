#include "server/store/rocksdb_log.h"

#include <rocksdb/db.h>
#include <rocksdb/table.h>
#include <sys/resource.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/batch.h"
#include "server/store/durable_log.h"
#include "server/store/rocksdb_log_for_test.h"
#include "server/table/table.h"

namespace rcukv {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(RocksDbLogTest, ANewOneIsEmpty) {
  Open();
  EXPECT_EQ(log_->contents().revision, 0u);
  EXPECT_THAT(log_->contents().tables, IsEmpty());
  EXPECT_THAT(ReadEntries(*log_), IsEmpty());
}

TEST_F(RocksDbLogTest, WhatWasWrittenIsReadWithItsRevisions) {
  Open();
  ASSERT_TRUE(log_->CreateTable("routes").ok());
  ASSERT_TRUE(Append({{"a", "1"}, {"b", "2"}}).ok());
  table_ = protection_->NewTable("routes");
  ASSERT_TRUE(Append({{"a", "3"}}).ok());
  table_ = protection_->NewTable("default");
  ASSERT_TRUE(Append({{"b", "4", 2}, {"a", std::nullopt}}).ok());
  for (int i = 0; i < 2; ++i) {
    Open();
    EXPECT_EQ(log_->contents().revision, 5u);
    EXPECT_THAT(log_->contents().tables, ElementsAre("routes"));
    EXPECT_EQ(ReadEntries(*log_),
              (Entries{{"default/b", "4 @4 2"}, {"routes/a", "3 @3 3"}}));
  }
}

TEST_F(RocksDbLogTest, TheRevisionOfADeleteIsKeptToo) {
  Open();
  ASSERT_TRUE(Append({{"a", "1"}}).ok());
  ASSERT_TRUE(Append({{"a", std::nullopt}}).ok());
  Open();
  EXPECT_EQ(log_->contents().revision, 2u);
  EXPECT_THAT(ReadEntries(*log_), IsEmpty());
}

TEST_F(RocksDbLogTest, ADeletedTableTakesItsEntriesAlongAndNoOthers) {
  Open();
  ASSERT_TRUE(log_->CreateTable("ab").ok());
  for (const char* name : {"a", "ab", "abc", "ac"}) {
    table_ = protection_->NewTable(name);
    ASSERT_TRUE(Append({{"key", name}}).ok());
  }
  ASSERT_TRUE(log_->DeleteTable("ab").ok());
  Open();
  EXPECT_THAT(log_->contents().tables, IsEmpty());
  EXPECT_EQ(
      ReadEntries(*log_),
      (Entries{{"a/key", "a @1 1"}, {"abc/key", "abc @3 3"}, {"ac/key", "ac @4 4"}}));

  ASSERT_TRUE(log_->CreateTable("ab").ok());
  table_ = protection_->NewTable("ab");
  ASSERT_TRUE(Append({{"other", "again"}}).ok());
  Open();
  EXPECT_EQ(ReadEntries(*log_).count("ab/key"), 0u);
  EXPECT_EQ(ReadEntries(*log_).count("ab/other"), 1u);
}

TEST_F(RocksDbLogTest, AWriteToATableThatWasDroppedLeavesNothingButItsRevision) {
  Open();
  const std::shared_ptr<Table> dropped = table_;
  std::vector<Change> changes;
  changes.push_back(ToChange({"a", "1"}));
  table_ = protection_->NewTable("kept");
  changes.push_back(ToChange({"b", "2"}));
  changes.push_back(ToChange({"c", "3"}));
  changes.back().table = dropped.get();
  dropped->Drop();
  ASSERT_TRUE(log_->Append(changes).ok());
  Open();
  EXPECT_EQ(ReadEntries(*log_), (Entries{{"kept/b", "2 @2 2"}}));
  EXPECT_EQ(log_->contents().revision, 3u);
}

TEST_F(RocksDbLogTest, PartsTogetherHoldEveryEntryOnce) {
  Open();
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE(Append({{"key" + std::to_string(i * 7 + round), "v"}}).ok());
    }
    Open();  // Each time it makes a file of its log.
  }
  EXPECT_GT(log_->contents().parts, 2u);
  EXPECT_THAT(ReadEntries(*log_), testing::SizeIs(testing::Gt(100u)));
  EXPECT_EQ(log_->contents().revision, 400u);
}

TEST_F(RocksDbLogTest, OfALogThatIsReadToItsEndNothingIsSaid) {
  durability_ = Durability::kAsync;
  Open();
  // So many that some of them end where a block of the log has no room for a header.
  for (size_t i = 0; i < 20'000; ++i) {
    ASSERT_TRUE(Append({{"key", std::string(i % 20, 'v')}}).ok());
  }
  ASSERT_TRUE(Append({{"key", std::string(200'000, 'v')}}).ok());
  for (int i = 0; i < 3; ++i) {
    Open();
    EXPECT_THAT(said_, IsEmpty());
    ASSERT_TRUE(Append({{"key", "v"}}).ok());
  }
  EXPECT_EQ(log_->contents().revision, 20'003u);
}

// Makes of a database one of small files that do not overlap, by rewriting it.
void DivideIntoSmallFiles(const std::string& database) {
  rocksdb::Options options;
  options.target_file_size_base = 1;
  rocksdb::BlockBasedTableOptions blocks;
  blocks.block_size = 64;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
  rocksdb::DB* opened = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(options, database, &opened).ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  rocksdb::CompactRangeOptions all;
  all.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  ASSERT_TRUE(db->CompactRange(all, nullptr, nullptr).ok());
  std::vector<rocksdb::LiveFileMetaData> files;
  db->GetLiveFilesMetaData(&files);
  ASSERT_GT(files.size(), 110u);
}

TEST_F(RocksDbLogTest, ItMayHaveMoreFilesThanTheProcessMayHaveOpen) {
  durability_ = Durability::kAsync;
  Open();
  for (int i = 0; i < 250; ++i) {
    ASSERT_TRUE(Append({{"key" + std::to_string(i), std::string(100, 'v')}}).ok());
  }
  log_.reset();
  ASSERT_NO_FATAL_FAILURE(DivideIntoSmallFiles(directory_.In("rocksdb")));
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit few = {.rlim_cur = 100, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  Open();
  EXPECT_EQ(ReadEntries(*log_).size(), 250u);
  EXPECT_TRUE(Append({{"another", "v"}}).ok());
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
}

// ---- What is refused

TEST_F(RocksDbLogTest, TwoCannotHaveItOpen) {
  Open();
  const absl::Status status = TryOpen(directory()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("another server"));
}

TEST_F(RocksDbLogTest, ADatabaseThatIsSomebodyElsesIsLeftAlone) {
  rocksdb::DB* other = nullptr;
  rocksdb::Options options;
  options.create_if_missing = true;
  ASSERT_TRUE(rocksdb::DB::Open(options, directory(), &other).ok());
  delete other;
  const absl::Status status = TryOpen(directory()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("not rcukv's"));
}

// ---- Durability

TEST_F(RocksDbLogTest, SyncKeepsEveryWriteThroughALossOfPower) {
  Open();
  ASSERT_TRUE(log_->CreateTable("routes").ok());
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(Append({{"a", std::to_string(i)}, {"b", std::to_string(i)}}).ok());
    const std::string copy = elsewhere_.In(std::to_string(i));
    system_->CopySynced(directory(), copy);
    const auto found = TryOpen(copy).value();
    EXPECT_EQ(found->contents().revision, revision_);
    EXPECT_THAT(found->contents().tables, ElementsAre("routes"));
    EXPECT_EQ(ReadEntries(*found).size(), 2u);
  }
  ASSERT_TRUE(log_->DeleteTable("routes").ok());
  system_->CopySynced(directory(), elsewhere_.In("deleted"));
  EXPECT_THAT(TryOpen(elsewhere_.In("deleted")).value()->contents().tables, IsEmpty());
}

TEST_F(RocksDbLogTest, AsyncLosesTheNewestWritesUnlessTheyAreSynced) {
  durability_ = Durability::kAsync;
  Open();
  ASSERT_TRUE(Append({{"a", "1"}}).ok());
  ASSERT_TRUE(log_->Sync().ok());
  ASSERT_TRUE(Append({{"a", "2"}, {"b", "2"}}).ok());
  system_->CopySynced(directory(), elsewhere_.In("copy"));
  const auto found = TryOpen(elsewhere_.In("copy")).value();
  EXPECT_EQ(found->contents().revision, 1u);
  EXPECT_EQ(ReadEntries(*found), (Entries{{"default/a", "1 @1 1"}}));
}

TEST_F(RocksDbLogTest, AWriteThatFailsIsAnErrorWithItsCause) {
  Open();
  ASSERT_TRUE(Append({{"a", "1"}}).ok());
  system_->FailAppends();
  const absl::Status status = Append({{"a", "2"}});
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("No space"));
}

TEST_F(RocksDbLogTest, ASyncThatFailsIsAnError) {
  Open();
  ASSERT_TRUE(Append({{"a", "1"}}).ok());
  system_->FailSyncs();
  EXPECT_EQ(Append({{"a", "2"}}).code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace rcukv
