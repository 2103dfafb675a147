#include "server/store/rocksdb_log.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/table.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rcu/entry.h"
#include "server/store/batch.h"
#include "server/store/durable_log.h"
#include "server/store/faulty_file_system_for_test.h"
#include "server/store/temporary_directory_for_test.h"
#include "server/table/protection.h"
#include "server/table/table.h"

namespace rcukv {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// "table/key" to "value @mod_revision created_revision".
using Entries = std::map<std::string, std::string>;

Entries ReadEntries(const DurableLog& log) {
  Entries entries;
  for (size_t part = 0; part < log.contents().parts; ++part) {
    const absl::Status status = log.ReadPart(part, [&](const StoredEntry& entry) {
      const std::string name = std::string(entry.table) + "/" + std::string(entry.key);
      const std::string what = std::string(entry.value) + " @" +
                               std::to_string(entry.meta.mod_revision) + " " +
                               std::to_string(entry.meta.create_revision);
      EXPECT_TRUE(entries.emplace(name, what).second) << name << " twice";
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
  }
  return entries;
}

class RocksDbLogTest : public testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<RocksDbLog>> TryOpen(const std::string& directory) {
    said_.clear();
    return RocksDbLog::Open(
        {.directory = directory,
         .durability = durability_,
         .env = env_.get(),
         .say = [this](const std::string& line) { said_.push_back(line); }});
  }
  void Open(const std::string& directory) {
    log_.reset();
    auto log = TryOpen(directory);
    ASSERT_TRUE(log.ok()) << log.status();
    log_ = *std::move(log);
  }
  void Open() { Open(directory()); }

  const std::string& directory() const { return directory_.path(); }

  // A key gets the next revision; no value: it is deleted. `create_revision` 0: the same.
  struct Next {
    std::string_view key;
    std::optional<std::string_view> value;
    uint64_t create_revision = 0;
  };

  Change ToChange(const Next& next) {
    ++revision_;
    Change change = {
        .table = table_.get(), .key = next.key, .revision = revision_, .entry = nullptr};
    if (next.value) {
      const uint64_t created =
          next.create_revision == 0 ? revision_ : next.create_revision;
      change.entry = rcu::Entry::New(
          next.key, *next.value, {.mod_revision = revision_, .create_revision = created});
    }
    return change;
  }

  absl::Status Append(std::initializer_list<Next> batch) {
    std::vector<Change> changes;
    for (const Next& next : batch) changes.push_back(ToChange(next));
    return log_->Append(changes);
  }

  // The write-ahead log that has something in it.
  std::string LogFile() const {
    for (const auto& file : fs::directory_iterator(directory_.In("rocksdb"))) {
      if (file.path().extension() == ".log" && file.file_size() > 0) return file.path();
    }
    ADD_FAILURE() << "no log";
    return "";
  }

  TemporaryDirectory directory_;
  TemporaryDirectory elsewhere_;
  Durability durability_ = Durability::kSync;
  std::shared_ptr<FaultyFileSystem> system_ = std::make_shared<FaultyFileSystem>();
  std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(system_);
  std::unique_ptr<Protection> protection_ = Protection::Create(Flavor::kMb).value();
  std::shared_ptr<Table> table_ = protection_->NewTable("default");
  uint64_t revision_ = 0;
  // Since the newest Open.
  std::vector<std::string> said_;
  std::unique_ptr<RocksDbLog> log_;
};

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

class RocksDbLogDamageTest : public RocksDbLogTest {
 protected:
  void ExpectDamage() {
    log_.reset();
    const auto log = TryOpen(directory());
    absl::Status status = log.status();
    for (size_t part = 0; status.ok() && part < (*log)->contents().parts; ++part) {
      status =
          (*log)->ReadPart(part, [](const StoredEntry&) { return absl::OkStatus(); });
    }
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
    const std::string message(status.message());
    EXPECT_THAT(message, HasSubstr(directory()));
    EXPECT_THAT(message, HasSubstr("put a copy of it in its place"));
    // Which is no advice to who has done so.
    const bool is_sync = durability_ == Durability::kSync;
    EXPECT_EQ(message.find("--durability=async") != message.npos, is_sync) << message;
  }

  static void FlipByte(const std::string& path, uint64_t offset) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(offset));
    const char byte = static_cast<char>(file.get() ^ 0x55);
    file.seekp(static_cast<std::streamoff>(offset));
    file.put(byte);
  }

  // In the middle of it.
  static void FlipAByteOfAValue(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string content(std::istreambuf_iterator<char>(file), {});
    FlipByte(path, content.find("vvvv", content.size() / 2));
  }

  // A log of a hundred batches, of about the same size.
  void WriteLog() {
    Open();
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE(Append({{"key" + std::to_string(i), std::string(100, 'v')}}).ok());
    }
    log_.reset();
  }
};

TEST_F(RocksDbLogDamageTest, AMissingFileIsDamage) {
  WriteLog();
  Open();
  log_.reset();
  for (const auto& file : fs::directory_iterator(directory_.In("rocksdb"))) {
    if (file.path().extension() == ".sst") fs::remove(file.path());
  }
  ExpectDamage();
}

TEST_F(RocksDbLogDamageTest, AMissingFileIsDamageForAsyncToo) {
  WriteLog();
  durability_ = Durability::kAsync;
  fs::remove(directory_.In("rocksdb/CURRENT"));
  ExpectDamage();
}

TEST_F(RocksDbLogDamageTest, AMissingIndexOfFilesIsDamage) {
  WriteLog();
  fs::remove(directory_.In("rocksdb/CURRENT"));
  ExpectDamage();
}

TEST_F(RocksDbLogDamageTest, AChangedByteOfATableFileIsDamage) {
  WriteLog();
  Open();
  log_.reset();
  for (const auto& file : fs::directory_iterator(directory_.In("rocksdb"))) {
    if (file.path().extension() == ".sst") FlipByte(file.path(), 50);
  }
  ExpectDamage();
}

TEST_F(RocksDbLogDamageTest, AChangedByteInTheMiddleOfTheLogIsDamage) {
  WriteLog();
  FlipAByteOfAValue(LogFile());
  ExpectDamage();
}

TEST_F(RocksDbLogDamageTest, AsyncReadsTheLogUpToTheDamage) {
  WriteLog();
  FlipAByteOfAValue(LogFile());
  durability_ = Durability::kAsync;
  Open();
  const uint64_t revision = log_->contents().revision;
  EXPECT_GT(revision, 40u);
  EXPECT_LT(revision, 60u);
  EXPECT_EQ(ReadEntries(*log_).size(), revision);
  EXPECT_THAT(said_, ElementsAre(AllOf(HasSubstr(directory()), HasSubstr("up to byte "),
                                       HasSubstr("dropped"))));
}

TEST_F(RocksDbLogDamageTest, ALastRecordThatWasCutShortIsAWriteThatNeverWas) {
  WriteLog();
  fs::resize_file(LogFile(), fs::file_size(LogFile()) - 30);
  Open();
  EXPECT_EQ(log_->contents().revision, 99u);
  EXPECT_EQ(ReadEntries(*log_).size(), 99u);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("cut short")));
}

// Two logs, where writes between those of the one and those of the other are missing.
class RocksDbLogGapTest : public RocksDbLogDamageTest {
 protected:
  // Leaves the batches before `end` in their log, and those from `begin` on in the next.
  void WriteLogs(size_t end, size_t begin) {
    WriteLog();
    const std::string path = LogFile();
    std::ifstream file(path, std::ios::binary);
    const std::string content(std::istreambuf_iterator<char>(file), {});
    fs::resize_file(path, Offset(content, end));
    std::ofstream(NextLog(path), std::ios::binary)
        << content.substr(Offset(content, begin));
  }

  // "000011.log" after "000010.log".
  static std::string NextLog(const fs::path& path) {
    std::string number = std::to_string(std::stoull(path.stem()) + 1);
    number.insert(0, 6 - number.size(), '0');
    return path.parent_path() / (number + ".log");
  }

  // Where a batch begins; all are in one block, and each has one header, which has its
  // length.
  static size_t Offset(const std::string& content, size_t batch) {
    size_t offset = 0;
    for (size_t i = 0; i < batch; ++i) {
      const auto low = static_cast<unsigned char>(content.at(offset + 4));
      const auto high = static_cast<unsigned char>(content.at(offset + 5));
      offset += 7 + low + size_t{256} * high;
    }
    EXPECT_LT(offset, 32768u);
    return offset;
  }
};

TEST_F(RocksDbLogGapTest, LogsThatFollowOnAreReadAsOne) {
  WriteLogs(40, 40);
  Open();
  EXPECT_EQ(log_->contents().revision, 100u);
  EXPECT_EQ(ReadEntries(*log_).size(), 100u);
  EXPECT_THAT(said_, IsEmpty());
}

TEST_F(RocksDbLogGapTest, AsyncReadsUpToTheFirstWriteThatIsMissing) {
  WriteLogs(40, 60);
  durability_ = Durability::kAsync;
  for (int i = 0; i < 2; ++i) {
    Open();
    EXPECT_EQ(log_->contents().revision, 40u);
    EXPECT_EQ(ReadEntries(*log_).size(), 40u);
    EXPECT_EQ(said_.size(), i == 0 ? 1u : 0u);
  }
}

TEST_F(RocksDbLogGapTest, AsyncReadsNothingAfterALogThatWasLostAsAWhole) {
  WriteLogs(0, 1);
  durability_ = Durability::kAsync;
  Open();
  EXPECT_EQ(log_->contents().revision, 0u);
  EXPECT_THAT(ReadEntries(*log_), IsEmpty());
}

TEST_F(RocksDbLogGapTest, AWriteThatIsMissingIsDamageForSync) {
  WriteLogs(40, 60);
  ExpectDamage();
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
