// What a durable store keeps of transactions: each as a whole, or nothing of it.
#include <filesystem>
#include <future>
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
#include "server/store/durable_log.h"
#include "server/store/durable_store.h"
#include "server/store/faulty_file_system_for_test.h"
#include "server/store/rocksdb_log.h"
#include "server/store/store.h"
#include "server/store/temporary_directory_for_test.h"
#include "server/store/transaction.h"
#include "server/table/protection.h"
#include "server/table/table.h"
#include "server/table/table_directory.h"

namespace rcukv {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using Compare = Transaction::Compare;
using Get = Transaction::Get;
using Put = Transaction::Put;
using Delete = Transaction::Delete;
using Operations = std::vector<Transaction::Operation>;
using Result = absl::StatusOr<Transaction::Result>;

class DurableTransactionTest : public testing::Test {
 protected:
  // "value @mod_revision created_revision" by key, and the revision as "".
  using Contents = std::map<std::string, std::string>;

  ~DurableTransactionTest() override {
    store_.reset();
    tables_.reset();
    protection_->Barrier();
  }

  void Open() {
    store_.reset();
    auto log = RocksDbLog::Open({.directory = directory_.path(),
                                 .durability = Durability::kAsync,
                                 .env = env_.get()});
    ASSERT_TRUE(log.ok()) << log.status();
    tables_ = std::make_unique<TableDirectory>(*protection_);
    auto store = DurableStore::Open(*protection_, *tables_, *std::move(log), {}, {});
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  Result Commit(Operations success, std::vector<Compare> compares = {}) {
    std::promise<Result> promise;
    store_->SubmitTransaction(
        {.table = tables_->FindShared(""),
         .compares = std::move(compares),
         .success = std::move(success),
         .done = [&promise](Result result) { promise.set_value(std::move(result)); }});
    return promise.get_future().get();
  }

  Contents Now() const {
    Contents contents = {{"", std::to_string(store_->revision())}};
    tables_->FindShared("")->Scan(0, SIZE_MAX, [&](const rcu::Entry& entry) {
      contents[std::string(entry.key())] =
          Line(entry.value(), entry.mod_revision(), entry.create_revision());
      return true;
    });
    return contents;
  }

  // What a start in `directory` would find.
  static Contents FoundIn(const std::string& directory) {
    auto log =
        RocksDbLog::Open({.directory = directory, .durability = Durability::kAsync});
    EXPECT_TRUE(log.ok()) << log.status();
    if (!log.ok()) return {};
    Contents contents = {{"", std::to_string((*log)->contents().revision)}};
    for (size_t part = 0; part < (*log)->contents().parts; ++part) {
      const auto visit = [&](const StoredEntry& entry) {
        contents[std::string(entry.key)] =
            Line(entry.value, entry.meta.mod_revision, entry.meta.create_revision);
        return absl::OkStatus();
      };
      EXPECT_TRUE((*log)->ReadPart(part, visit).ok());
    }
    return contents;
  }

  // The newest write-ahead log of the database in `directory`.
  static fs::path LogFile(const std::string& directory) {
    fs::path newest;
    for (const auto& file : fs::directory_iterator(directory + "/rocksdb")) {
      if (file.path().extension() != ".log") continue;
      if (newest.empty() || file.path() > newest) newest = file.path();
    }
    return newest;
  }

  TemporaryDirectory directory_;
  TemporaryDirectory elsewhere_;
  std::shared_ptr<FaultyFileSystem> system_ = std::make_shared<FaultyFileSystem>();
  std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(system_);
  std::unique_ptr<Protection> protection_ = Protection::Create(Flavor::kMb).value();
  std::unique_ptr<TableDirectory> tables_;
  std::unique_ptr<DurableStore> store_;

 private:
  static std::string Line(std::string_view value, uint64_t mod, uint64_t created) {
    return std::string(value) + " @" + std::to_string(mod) + " " +
           std::to_string(created);
  }
};

TEST_F(DurableTransactionTest, ARestartBringsItBackWithItsOneRevision) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_TRUE(Commit({Put{"a", "1"}, Put{"b", "1"}}).ok());
  ASSERT_TRUE(Commit({Put{"a", "2"}, Delete{"b"}, Put{"c", "2"}}).ok());
  const Contents before = Now();
  EXPECT_EQ(before, (Contents{{"", "2"}, {"a", "2 @2 1"}, {"c", "2 @2 2"}}));
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(Now(), before);
}

TEST_F(DurableTransactionTest, ALogThatIsCutAnywhereHasItAsAWholeOrNothingOfIt) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_TRUE(Commit({Put{"a", "100"}, Put{"b", "0"}, Put{"gone", "x"}}).ok());
  const Contents before = Now();
  const uint64_t begin = fs::file_size(LogFile(directory_.path()));
  ASSERT_TRUE(
      Commit({Put{"a", "60"}, Delete{"gone"}, Put{"b", "40"}, Put{"new", "y"}}).ok());
  const Contents after = Now();
  const uint64_t end = fs::file_size(LogFile(directory_.path()));
  ASSERT_GT(begin, 0u);
  ASSERT_GT(end, begin);
  ASSERT_EQ(after.size(), 4u);
  for (uint64_t cut = begin; cut <= end; ++cut) {
    const std::string copy = elsewhere_.In(std::to_string(cut));
    fs::copy(directory_.path(), copy, fs::copy_options::recursive);
    fs::resize_file(LogFile(copy), cut);
    EXPECT_EQ(FoundIn(copy), cut == end ? after : before) << "byte " << cut - begin;
    fs::remove_all(copy);
  }
}

TEST_F(DurableTransactionTest, OneThatCannotBeWrittenIsNotSeenAndReadsGoOn) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_TRUE(Commit({Put{"a", "1"}, Put{"b", "1"}}).ok());
  const Contents before = Now();
  system_->FailAppends();
  const Result failed = Commit({Put{"a", "2"}, Put{"b", "2"}, Get{"a"}});
  EXPECT_EQ(failed.status().code(), absl::StatusCode::kUnknown);
  EXPECT_THAT(std::string(failed.status().message()), HasSubstr("after a restart"));
  EXPECT_EQ(Now(), before);
  EXPECT_EQ(Commit({Delete{"a"}}).status().code(), absl::StatusCode::kInternal);
  EXPECT_EQ(Now(), before);
  // What writes nothing is answered.
  const Result read =
      Commit({Get{"a"}, Delete{"none"}}, {{.key = "b", .target = Compare::Value{"1"}}});
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_TRUE(read->succeeded);
  EXPECT_EQ(std::get<Transaction::Got>(read->responses[0]).entry.get()->value(), "1");
}

}  // namespace
}  // namespace rcukv
