// Backups of a server that is being written to, and a server that is started on one.
#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/rcukv/v1/admin.grpc.pb.h"
#include "proto/rcukv/v1/kv.grpc.pb.h"
#include "server/server.h"
#include "server/server_for_test.h"
#include "server/store/temporary_directory_for_test.h"
#include "server/table/flavors_for_test.h"
#include "server/table/protection.h"

namespace rcukv {
namespace {

using Contents = std::map<std::string, std::string>;

class BackupTest : public ServerTest {
 protected:
  BackupTest() {
    options_.store = StoreKind::kRocksDb;
    options_.data_dir = folder_.In("data");
    options_.backup_dir = folder_.In("backups");
    std::filesystem::create_directory(options_.backup_dir);
  }

  grpc::Status BackUp(const std::string& directory, v1::BackupResponse* response) {
    v1::BackupRequest request;
    request.set_directory(directory);
    return Call(admin_.get(), &Admin::Backup, request, response);
  }
  grpc::Status BackUp(const std::string& directory) {
    v1::BackupResponse response;
    return BackUp(directory, &response);
  }

  TemporaryDirectory folder_;
};

INSTANTIATE_TEST_SUITE_P(Flavors, BackupTest, testing::Values(Flavor::kMemb),
                         FlavorOfTest);

// Does one transaction after the other, each of which puts a key of its own and changes
// one that all of its transactions change, and remembers their revisions.
class Writer {
 public:
  Writer(const std::shared_ptr<grpc::Channel>& channel, int number)
      : stub_(v1::KeyValueService::NewStub(channel)), name_(absl::StrCat("w", number)) {
    thread_ = std::thread([this] { Run(); });
  }
  ~Writer() { Stop(); }

  void Stop() {
    stops_ = true;
    if (thread_.joinable()) thread_.join();
  }
  uint64_t answered() const { return answered_; }
  uint64_t newest_revision() const { return newest_revision_; }

  // What there must be of it with the writes up to a revision, once it has stopped.
  void AddContents(uint64_t revision, Contents* contents) const {
    for (const auto& [written, value] : writes_) {
      if (written > revision) return;
      (*contents)[name_] = value;
      (*contents)[absl::StrCat(name_, "/", value)] = value;
    }
  }

 private:
  void Run() {
    for (int i = 0; !stops_; ++i) {
      const std::string value = std::to_string(i);
      v1::TxnRequest request;
      for (const std::string& key : {absl::StrCat(name_, "/", value), name_}) {
        v1::PutRequest* put = request.add_success()->mutable_put();
        put->set_key(key);
        put->set_value(value);
      }
      v1::TxnResponse response;
      const grpc::Status status =
          Call(stub_.get(), &v1::KeyValueService::Stub::Txn, request, &response);
      ASSERT_TRUE(status.ok()) << status.error_message();
      writes_.emplace(response.revision(), value);
      newest_revision_ = response.revision();
      ++answered_;
    }
  }

  const std::unique_ptr<v1::KeyValueService::Stub> stub_;
  const std::string name_;
  std::atomic<bool> stops_ = false;
  std::atomic<uint64_t> answered_ = 0;
  std::atomic<uint64_t> newest_revision_ = 0;
  // Values by revision; the thread's until it has stopped.
  std::map<uint64_t, std::string> writes_;
  std::thread thread_;
};

TEST_P(BackupTest, ACopyMadeWhileItIsWrittenToHasAllUpToItsRevisionAndNothingElse) {
  constexpr int kWriters = 3;
  constexpr uint64_t kWritesBetween = 30;
  std::vector<std::unique_ptr<Writer>> writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.push_back(std::make_unique<Writer>(channel_, i));
  }
  const auto await_more_writes = [&] {
    for (const auto& writer : writers) {
      const uint64_t answered = writer->answered();
      while (writer->answered() < answered + kWritesBetween && !HasFailure()) {
        std::this_thread::yield();
      }
    }
  };
  std::vector<v1::BackupResponse> backups(3);
  for (size_t i = 0; i < backups.size(); ++i) {
    await_more_writes();
    uint64_t answered = 0;
    for (const auto& writer : writers) {
      answered = std::max<uint64_t>(answered, writer->newest_revision());
    }
    const grpc::Status status = BackUp(absl::StrCat("copy", i), &backups[i]);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_GE(backups[i].revision(), answered);
    EXPECT_GT(backups[i].bytes(), 0u);
  }
  await_more_writes();
  for (const auto& writer : writers) writer->Stop();

  for (const v1::BackupResponse& backup : backups) {
    Contents expected;
    for (const auto& writer : writers) writer->AddContents(backup.revision(), &expected);
    options_.data_dir = backup.path();
    Start();
    EXPECT_EQ(GetStatus().revision(), backup.revision());
    EXPECT_EQ(backup.entries(), expected.size());
    EXPECT_EQ(Scan({}, 1000), expected);
    ExpectServing();
  }
}

TEST_P(BackupTest, TablesAreInTheCopy) {
  v1::CreateTableRequest create;
  create.set_name("routes");
  v1::CreateTableResponse created;
  ASSERT_TRUE(Call(admin_.get(), &Admin::CreateTable, create, &created).ok());
  ASSERT_TRUE(Put("k", "v", {}, "routes").ok());
  v1::BackupResponse backup;
  ASSERT_TRUE(BackUp("copy", &backup).ok());
  EXPECT_EQ(backup.path(), options_.backup_dir + "/copy");
  options_.data_dir = backup.path();
  Start();
  v1::ScanRequest scan;
  scan.set_table("routes");
  EXPECT_EQ(Scan(scan, 10), (Contents{{"k", "v"}}));
}

TEST_P(BackupTest, ADirectoryThatWillNotDoIsRefused) {
  ASSERT_TRUE(BackUp("copy").ok());
  ExpectError(BackUp("copy"), grpc::StatusCode::ALREADY_EXISTS, {"/copy"});
  ExpectError(BackUp("no/copy"), grpc::StatusCode::NOT_FOUND, {"/no/copy"});
  ExpectInvalid(BackUp(""), {"directory"});
  ExpectInvalid(BackUp("../copy"), {"directory", ".."});
  ExpectInvalid(BackUp(folder_.In("copy")), {"directory", options_.backup_dir});
}

TEST_P(BackupTest, AStoreThatKeepsNothingSaysWhatToDo) {
  options_.store = StoreKind::kMemory;
  options_.backup_dir.clear();
  Start();
  ExpectError(BackUp(folder_.In("copy")), grpc::StatusCode::FAILED_PRECONDITION,
              {"'memory'", "rcukv dump", "--store=rocksdb"});
}

}  // namespace
}  // namespace rcukv
