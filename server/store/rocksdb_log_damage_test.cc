// Files of a log that are missing, changed or cut short.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/durable_log.h"
#include "server/store/rocksdb_log_for_test.h"

namespace rcukv {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

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

}  // namespace
}  // namespace rcukv
