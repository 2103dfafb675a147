// What tests of RocksDbLog share: a log in a directory of the test's own, and what is
// read from it.
#ifndef RCUKV_SERVER_STORE_ROCKSDB_LOG_FOR_TEST_H_
#define RCUKV_SERVER_STORE_ROCKSDB_LOG_FOR_TEST_H_

#include <rocksdb/env.h>

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "rcu/entry.h"
#include "server/store/batch.h"
#include "server/store/durable_log.h"
#include "server/store/faulty_file_system_for_test.h"
#include "server/store/rocksdb_log.h"
#include "server/store/temporary_directory_for_test.h"
#include "server/table/protection.h"
#include "server/table/table.h"

namespace rcukv {

// "table/key" to "value @mod_revision created_revision".
using Entries = std::map<std::string, std::string>;

inline Entries ReadEntries(const DurableLog& log) {
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
    for (const auto& file :
         std::filesystem::directory_iterator(directory_.In("rocksdb"))) {
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

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_ROCKSDB_LOG_FOR_TEST_H_
