#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rcu/entry.h"
#include "server/store/batch.h"
#include "server/store/durable_log.h"
#include "server/store/rocksdb_log.h"
#include "server/store/rocksdb_log_for_test.h"
#include "server/store/store.h"
#include "server/store/temporary_directory_for_test.h"
#include "server/table/table.h"

namespace rcukv {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class RocksDbBackupTest : public RocksDbLogTest {
 protected:
  // The next copy's.
  std::string Path() const { return elsewhere_.In(absl::StrCat("copy", copies_)); }

  absl::StatusOr<BackupResult> BackUp() {
    const std::string path = Path();
    ++copies_;
    return log_->Backup(path, 0, [] { return false; });
  }
  size_t Files() const {
    return static_cast<size_t>(
        std::distance(fs::directory_iterator(elsewhere_.path()), {}));
  }

  int copies_ = 0;
};

TEST_F(RocksDbBackupTest, ACopyHasEverythingAndSaysSo) {
  Open();
  ASSERT_TRUE(log_->CreateTable("routes").ok());
  ASSERT_TRUE(Append({{"a", "1"}, {"b", "2"}, {"c", "3"}}).ok());
  ASSERT_TRUE(Append({{"c", std::nullopt}}).ok());
  const std::string path = Path();
  const auto backup = BackUp();
  ASSERT_TRUE(backup.ok()) << backup.status();
  EXPECT_EQ(backup->revision, 4u);
  EXPECT_EQ(backup->entries, 2u);
  EXPECT_GT(backup->bytes, 0u);
  Open(path);
  EXPECT_EQ(log_->contents().revision, 4u);
  EXPECT_THAT(log_->contents().tables, ElementsAre("routes"));
  EXPECT_EQ(ReadEntries(*log_),
            (Entries{{"default/a", "1 @1 1"}, {"default/b", "2 @2 2"}}));
  EXPECT_TRUE(said_.empty()) << said_[0];
}

TEST_F(RocksDbBackupTest, ACopyOfNothingIsEmpty) {
  Open();
  const std::string path = Path();
  const auto backup = BackUp();
  ASSERT_TRUE(backup.ok()) << backup.status();
  EXPECT_EQ(backup->revision, 0u);
  Open(path);
  EXPECT_TRUE(ReadEntries(*log_).empty());
}

TEST_F(RocksDbBackupTest, TheCopyAndTheOriginalGoTheirOwnWays) {
  Open();
  ASSERT_TRUE(Append({{"a", "1"}}).ok());
  const std::string path = Path();
  ASSERT_TRUE(BackUp().ok());
  ASSERT_TRUE(Append({{"a", "2", 1}}).ok());
  {
    auto copy = TryOpen(path);
    ASSERT_TRUE(copy.ok()) << copy.status();
    std::swap(log_, *copy);
    ASSERT_TRUE(Append({{"b", "3"}}).ok());
    std::swap(log_, *copy);
  }
  ASSERT_TRUE(BackUp().ok());
  Open();
  EXPECT_EQ(ReadEntries(*log_), (Entries{{"default/a", "2 @2 1"}}));
  Open(path);
  EXPECT_EQ(ReadEntries(*log_),
            (Entries{{"default/a", "1 @1 1"}, {"default/b", "3 @3 3"}}));
}

class RocksDbBackupWhileItIsWrittenTest : public RocksDbBackupTest,
                                          public testing::WithParamInterface<Durability> {
 protected:
  static constexpr int kChangesInBatch = 3;

  RocksDbBackupWhileItIsWrittenTest() { durability_ = GetParam(); }

  // Appends batches of kChangesInBatch keys, each named for its revision, as far as it
  // may, until told to stop; appended_ is the newest revision that was.
  void Write() {
    const std::string value(1000, 'v');
    while (!stops_) {
      if (appended_ >= may_append_) {
        std::this_thread::yield();
        continue;
      }
      std::vector<std::string> keys;
      for (uint64_t i = 1; i <= kChangesInBatch; ++i) {
        keys.push_back(absl::StrCat(revision_ + i));
      }
      std::vector<Change> changes;
      for (const std::string& key : keys) changes.push_back(ToChange({key, value}));
      ASSERT_TRUE(log_->Append(changes).ok());
      appended_ = revision_;
    }
  }

  // Those up to its revision, and no others.
  void ExpectPrefix(const std::string& path, uint64_t revision) {
    const auto copy = TryOpen(path);
    ASSERT_TRUE(copy.ok()) << copy.status();
    EXPECT_EQ((*copy)->contents().revision, revision);
    EXPECT_EQ(revision % kChangesInBatch, 0u) << "half a batch";
    const Entries entries = ReadEntries(**copy);
    EXPECT_EQ(entries.size(), revision);
    for (uint64_t i = 1; i <= revision; ++i) {
      EXPECT_EQ(entries.count(absl::StrCat("default/", i)), 1u)
          << i << " of " << revision;
    }
    EXPECT_TRUE(said_.empty()) << said_[0];
  }

  std::atomic<bool> stops_ = false;
  std::atomic<uint64_t> appended_ = 0;
  std::atomic<uint64_t> may_append_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Durabilities, RocksDbBackupWhileItIsWrittenTest,
                         testing::Values(Durability::kSync, Durability::kAsync),
                         [](const auto& durability) {
                           return std::string(
                               durability.param == Durability::kSync ? "sync" : "async");
                         });

TEST_P(RocksDbBackupWhileItIsWrittenTest, ACopyHasWhatWasAppendedBeforeAndNoGaps) {
  // Without a pause it begins a second write-ahead log, after 64 MiB.
  constexpr int kCopies = 6;
  constexpr uint64_t kMostBetween = 15'000;
  Open();
  std::thread writer([this] { Write(); });
  for (int i = 0; i < kCopies; ++i) {
    // So that it is under way.
    const uint64_t last = appended_;
    may_append_ = last + kMostBetween;
    while (appended_ < last + 30) std::this_thread::yield();
    const std::string path = Path();
    const uint64_t before = appended_;
    const auto backup = BackUp();
    EXPECT_TRUE(backup.ok()) << backup.status();
    if (!backup.ok()) break;
    EXPECT_GE(backup->revision, before);
    EXPECT_EQ(backup->entries, backup->revision);
    ExpectPrefix(path, backup->revision);
  }
  stops_ = true;
  writer.join();
}

TEST_F(RocksDbBackupTest, AFullDiskLeavesNothingAndHurtsNobody) {
  Open();
  ASSERT_TRUE(Append({{"a", "1"}}).ok());
  system_->FailAppends();
  const absl::Status status = BackUp().status();
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("cannot back up to"));
  EXPECT_EQ(Files(), 0u);
  system_->StopFailing();
  EXPECT_TRUE(Append({{"b", "2"}}).ok());
  EXPECT_TRUE(BackUp().ok());
}

TEST_F(RocksDbBackupTest, ADirectoryThatExistsIsRefused) {
  Open();
  fs::create_directory(Path());
  EXPECT_TRUE(absl::IsAlreadyExists(BackUp().status()));
  EXPECT_EQ(Files(), 1u);
}

TEST_F(RocksDbBackupTest, ACopyThatIsCancelledLeavesNothing) {
  Open();
  ASSERT_TRUE(Append({{"a", "1"}}).ok());
  const auto backup = log_->Backup(Path(), 0, [] { return true; });
  EXPECT_TRUE(absl::IsCancelled(backup.status())) << backup.status();
  EXPECT_EQ(Files(), 0u);
}

TEST_F(RocksDbBackupTest, ACopyThatLacksSomethingIsRefused) {
  Open();
  ASSERT_TRUE(Append({{"a", "1"}}).ok());
  const auto backup = log_->Backup(Path(), 2, [] { return false; });
  EXPECT_TRUE(absl::IsInternal(backup.status())) << backup.status();
  EXPECT_EQ(Files(), 0u);
}

}  // namespace
}  // namespace rcukv
