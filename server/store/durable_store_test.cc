// What a durable store promises beside what every store does; the log is one that the
// tests can hold up and break, or RocksDB's.
#include "server/store/durable_store.h"

#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rcu/entry.h"
#include "server/store/durable_log.h"
#include "server/store/recovery.h"
#include "server/store/rocksdb_log.h"
#include "server/store/store.h"
#include "server/store/temporary_directory_for_test.h"
#include "server/table/protection.h"
#include "server/table/table.h"
#include "server/table/table_directory.h"

namespace rcukv {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

using Result = absl::StatusOr<WriteResult>;

// What a write to a ScriptedLog does; it is with the log until it returns.
struct Script {
  std::function<absl::Status()> write = [] { return absl::OkStatus(); };
  std::function<absl::Status()> sync = [] { return absl::OkStatus(); };
  std::atomic<int> writes{0};
};

// Keeps nothing.
class ScriptedLog final : public DurableLog {
 public:
  ScriptedLog(Script* script, LogContents contents, std::vector<StoredEntry> entries)
      : script_(script), contents_(std::move(contents)), entries_(std::move(entries)) {
    contents_.parts = entries_.size();
  }

  std::string_view name() const override { return "scripted"; }
  std::string_view place() const override { return "/scripted"; }
  const LogContents& contents() const override { return contents_; }
  absl::Status ReadPart(
      size_t part,
      absl::FunctionRef<absl::Status(const StoredEntry&)> visit) const override {
    return visit(entries_.at(part));
  }
  absl::Status Append(absl::Span<const Change>) override { return Write(); }
  absl::Status CreateTable(std::string_view) override { return Write(); }
  absl::Status DeleteTable(std::string_view) override { return Write(); }
  absl::StatusOr<BackupResult> Backup(const std::string&, uint64_t min_revision,
                                      absl::FunctionRef<bool()>) override {
    return BackupResult{.revision = min_revision};
  }
  absl::Status Sync() override { return script_->sync(); }

 private:
  absl::Status Write() {
    ++script_->writes;
    return script_->write();
  }

  Script* const script_;
  LogContents contents_;
  const std::vector<StoredEntry> entries_;
};

class DurableStoreTest : public testing::Test {
 protected:
  ~DurableStoreTest() override {
    store_.reset();
    tables_.reset();
    protection_->Barrier();
  }

  absl::Status Open(std::unique_ptr<DurableLog> log, RecoveryOptions recovery = {}) {
    store_.reset();
    tables_ = std::make_unique<TableDirectory>(*protection_);
    auto store = DurableStore::Open(*protection_, *tables_, std::move(log), {}, recovery);
    if (store.ok()) store_ = *std::move(store);
    return store.status();
  }
  absl::Status OpenScripted(LogContents contents = {},
                            std::vector<StoredEntry> entries = {}) {
    return Open(
        std::make_unique<ScriptedLog>(&script_, std::move(contents), std::move(entries)));
  }
  void OpenRocksDb(RecoveryOptions recovery = {}) {
    store_.reset();
    auto log = RocksDbLog::Open(
        {.directory = directory_.path(), .durability = Durability::kAsync});
    ASSERT_TRUE(log.ok()) << log.status();
    const absl::Status status = Open(*std::move(log), std::move(recovery));
    ASSERT_TRUE(status.ok()) << status;
  }

  std::future<Result> Submit(std::string key, std::optional<std::string> value,
                             std::string_view table = "default") {
    auto promise = std::make_shared<std::promise<Result>>();
    store_->Submit(
        {.table = tables_->FindShared(table),
         .key = std::move(key),
         .value = std::move(value),
         .done = [promise](Result result) { promise->set_value(std::move(result)); }});
    return promise->get_future();
  }

  // "value @mod_revision create_revision" by "table/key".
  std::map<std::string, std::string> Entries() {
    std::map<std::string, std::string> entries;
    for (const auto& info : tables_->List()) {
      const std::shared_ptr<Table> table = tables_->FindShared(info.name);
      table->Scan(0, SIZE_MAX, [&](const rcu::Entry& entry) {
        entries[info.name + "/" + std::string(entry.key())] =
            std::string(entry.value()) + " @" + std::to_string(entry.mod_revision()) +
            " " + std::to_string(entry.create_revision());
        return true;
      });
    }
    return entries;
  }

  Script script_;
  TemporaryDirectory directory_;
  std::unique_ptr<Protection> protection_ = Protection::Create(Flavor::kMb).value();
  std::unique_ptr<TableDirectory> tables_;
  std::unique_ptr<DurableStore> store_;
};

bool IsReady(std::future<Result>& future) {
  return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

TEST_F(DurableStoreTest, NobodySeesAWriteNorIsAnsweredBeforeItIsLogged) {
  std::promise<void> reached;
  std::promise<void> logged;
  script_.write = [&] {
    reached.set_value();
    logged.get_future().wait();
    return absl::OkStatus();
  };
  ASSERT_TRUE(OpenScripted().ok());
  std::future<Result> answer = Submit("a", "1");
  reached.get_future().wait();
  EXPECT_FALSE(IsReady(answer));
  EXPECT_TRUE(Entries().empty());
  EXPECT_EQ(store_->revision(), 0u);
  logged.set_value();
  EXPECT_EQ(answer.get()->revision, 1u);
  EXPECT_EQ(Entries().size(), 1u);
}

TEST_F(DurableStoreTest, NobodySeesATableBeforeItIsLoggedNorItsEndBeforeThatIs) {
  ASSERT_TRUE(OpenScripted().ok());
  std::vector<bool> there;
  script_.write = [&] {
    there.push_back(tables_->FindShared("routes") != nullptr);
    return absl::OkStatus();
  };
  ASSERT_TRUE(store_->CreateTable("routes").ok());
  there.push_back(tables_->FindShared("routes") != nullptr);
  EXPECT_EQ(store_->DeleteTable("routes").value(), 0u);
  there.push_back(tables_->FindShared("routes") != nullptr);
  EXPECT_THAT(there, ElementsAre(false, true, true, false));
}

TEST_F(DurableStoreTest, ATableThatCannotBeIsNotLogged) {
  ASSERT_TRUE(OpenScripted().ok());
  EXPECT_EQ(store_->CreateTable("default").code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(store_->CreateTable("a b").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(store_->DeleteTable("none").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(store_->DeleteTable("default").status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(script_.writes, 0);
}

TEST_F(DurableStoreTest, ABackupIsToReachWhatWasAnswered) {
  ASSERT_TRUE(OpenScripted().ok());
  ASSERT_TRUE(Submit("a", "1").get().ok());
  ASSERT_TRUE(Submit("b", "2").get().ok());
  const auto backup = store_->Backup("/copy", [] { return false; });
  ASSERT_TRUE(backup.ok()) << backup.status();
  EXPECT_EQ(backup->revision, 2u);
}

class DurableStoreErrorTest : public DurableStoreTest {
 protected:
  void Break() {
    ASSERT_TRUE(OpenScripted().ok());
    ASSERT_TRUE(Submit("a", "1").get().ok());
    EXPECT_EQ(store_->failure(), "");
    script_.write = [] { return absl::UnavailableError("disk full"); };
  }

  // Though the log would take it again.
  void ExpectNoMoreWrites() {
    script_.write = [] { return absl::OkStatus(); };
    const int writes = script_.writes;
    const absl::Status refusals[] = {Submit("b", "2").get().status(),
                                     Submit("a", std::nullopt).get().status(),
                                     store_->CreateTable("routes")};
    for (const absl::Status& status : refusals) {
      EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
      EXPECT_THAT(std::string(status.message()),
                  AllOf(HasSubstr("disk full"), HasSubstr("/scripted"),
                        HasSubstr("no more writes"), HasSubstr("restarted")));
    }
    EXPECT_EQ(store_->failure(), refusals[0].message());
    EXPECT_EQ(script_.writes, writes);
    EXPECT_EQ(Entries(), (std::map<std::string, std::string>{{"default/a", "1 @1 1"}}));
    EXPECT_EQ(store_->revision(), 1u);
  }
};

TEST_F(DurableStoreErrorTest, AfterAWriteThatFailedNothingIsWrittenAndReadsGoOn) {
  Break();
  const absl::Status status = Submit("a", "2").get().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnknown);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("disk full"), HasSubstr("after a restart")));
  ExpectNoMoreWrites();
}

TEST_F(DurableStoreErrorTest, ATableThatCouldNotBeLoggedStopsWritesToo) {
  Break();
  EXPECT_EQ(store_->CreateTable("routes").code(), absl::StatusCode::kUnknown);
  EXPECT_EQ(tables_->FindShared("routes"), nullptr);
  ExpectNoMoreWrites();
}

TEST_F(DurableStoreErrorTest, ATableWhoseEndCouldNotBeLoggedIsStillThere) {
  ASSERT_TRUE(OpenScripted().ok());
  ASSERT_TRUE(store_->CreateTable("routes").ok());
  script_.write = [] { return absl::UnavailableError("disk full"); };
  EXPECT_EQ(store_->DeleteTable("routes").status().code(), absl::StatusCode::kUnknown);
  EXPECT_NE(tables_->FindShared("routes"), nullptr);
}

TEST_F(DurableStoreErrorTest, TheEndOfAStoreThatHasFailedIsAnError) {
  Break();
  EXPECT_FALSE(Submit("a", "2").get().ok());
  const absl::Status status = store_->Stop();
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("disk full"), HasSubstr("took no more writes")));
}

TEST_F(DurableStoreErrorTest, ALastSyncThatFailsIsAnErrorHoweverOftenItIsStopped) {
  ASSERT_TRUE(OpenScripted().ok());
  ASSERT_TRUE(Submit("a", "1").get().ok());
  script_.sync = [] { return absl::UnavailableError("disk broken"); };
  const absl::Status status = store_->Stop();
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("disk broken"), HasSubstr("/scripted"),
                    HasSubstr("the last sync"), Not(HasSubstr("goes on"))));
  script_.sync = [] { return absl::OkStatus(); };
  EXPECT_EQ(store_->Stop(), status);
}

TEST_F(DurableStoreTest, AStoreWithoutFailureEndsWell) {
  ASSERT_TRUE(OpenScripted().ok());
  ASSERT_TRUE(Submit("a", "1").get().ok());
  EXPECT_TRUE(store_->Stop().ok());
}

// ---- Recovery

TEST_F(DurableStoreTest, EverythingIsThereAgainWithItsRevisions) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  std::map<std::string, std::string> before;
  uint64_t revision = 0;
  for (int round = 0; round < 5; ++round) {
    OpenRocksDb({.threads = 3});
    EXPECT_EQ(Entries(), before);
    EXPECT_EQ(store_->revision(), revision);
    for (const char* table : {"one", "two"}) {
      (void)(random() % 2 == 0 ? store_->CreateTable(table)
                               : store_->DeleteTable(table).status());
    }
    std::vector<std::future<Result>> answers;
    for (int i = 0; i < 500; ++i) {
      const auto tables = tables_->List();
      const std::string key = "key" + std::to_string(random() % 300);
      std::optional<std::string> value = std::to_string(random());
      if (random() % 4 == 0) value.reset();
      answers.push_back(Submit(key, value, tables[random() % tables.size()].name));
    }
    for (auto& answer : answers) EXPECT_TRUE(answer.get().ok());
    before = Entries();
    revision = store_->revision();
    EXPECT_GT(revision, 0u);
  }
}

TEST_F(DurableStoreTest, ATableThatIsDeletedWhileItIsWrittenLeavesNothingBehind) {
  OpenRocksDb();
  std::atomic<int> round{0};
  std::atomic<bool> stop{false};
  const auto table_name = [&] { return "table" + std::to_string(round); };
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 3; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; !stop; ++i) {
        const std::shared_ptr<Table> table = tables_->FindShared(table_name());
        if (table == nullptr) continue;
        // Many at a time, so that batches are long and the committer never idle.
        const std::string prefix = std::to_string(writer) + "-" + std::to_string(i) + "-";
        for (int k = 0; k < 50; ++k) {
          store_->Submit({.table = table,
                          .key = prefix + std::to_string(k),
                          .value = "v",
                          .done = [](Result) {}});
        }
        std::promise<void> answered;
        store_->Submit({.table = table, .key = prefix, .done = [&](Result) {
                          answered.set_value();
                        }});
        answered.get_future().wait();
      }
    });
  }
  for (; round < 200; ++round) {
    EXPECT_TRUE(store_->CreateTable(table_name()).ok());
    const uint64_t revision = store_->revision();
    while (store_->revision() < revision + 3) std::this_thread::yield();
    EXPECT_TRUE(store_->DeleteTable(table_name()).ok());
  }
  stop = true;
  for (std::thread& writer : writers) writer.join();
  const uint64_t revision = store_->revision();
  // Finds no entry that is of no table.
  ASSERT_NO_FATAL_FAILURE(OpenRocksDb());
  EXPECT_TRUE(Entries().empty());
  EXPECT_EQ(store_->revision(), revision);
}

TEST_F(DurableStoreErrorTest, NoBackupIsMade) {
  Break();
  EXPECT_FALSE(Submit("b", "2").get().ok());
  const absl::Status status = store_->Backup("/copy", [] { return false; }).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(status.message()), HasSubstr("disk full"));
}

TEST_F(DurableStoreTest, RecoverySaysHowFarItIsAndHowFast) {
  std::vector<std::string> said;
  OpenRocksDb();
  for (int i = 0; i < 1500; ++i) (void)Submit(std::to_string(i), "v");
  OpenRocksDb({.say = [&](const std::string& line) { said.push_back(line); }});
  ASSERT_FALSE(said.empty());
  EXPECT_THAT(said.back(),
              AllOf(HasSubstr("loaded 1,500 entries of 1 tables from"), HasSubstr("/s"),
                    HasSubstr(directory_.path()), HasSubstr("revision 1500")));
}

TEST_F(DurableStoreTest, ALogThatContradictsItselfIsRefused) {
  const StoredEntry lost = {.table = "lost", .key = "k", .value = "v", .meta = {}};
  absl::Status status = OpenScripted({}, {lost});
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("\"lost\""), HasSubstr("/scripted")));
  const StoredEntry twice = {.table = "default", .key = "k", .value = "v", .meta = {}};
  status = OpenScripted({}, {twice, twice});
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace rcukv
