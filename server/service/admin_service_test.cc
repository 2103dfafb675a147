// What AdminService does while the store does not answer; the rest: //server:admin_test.
#include "server/service/admin_service.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/rcukv/v1/admin.pb.h"
#include "server/store/store.h"
#include "server/store/transaction.h"
#include "server/table/protection.h"
#include "server/table/table_directory.h"

namespace rcukv {
namespace {

// Holds those who make or delete tables, or backups, as a disk that hangs does.
class HangingStore final : public Store {
 public:
  std::string_view name() const override { return "hanging"; }
  void Submit(Write) override {}
  void SubmitTransaction(Transaction) override {}
  absl::Status CreateTable(std::string_view) override { return Hang(); }
  absl::StatusOr<uint64_t> DeleteTable(std::string_view) override {
    if (absl::Status status = Hang(); !status.ok()) return status;
    return 7;
  }
  absl::StatusOr<BackupResult> Backup(const std::string& directory,
                                      absl::FunctionRef<bool()> is_cancelled) override {
    if (absl::Status status = Hang(); !status.ok()) return status;
    if (is_cancelled()) return absl::CancelledError(directory);
    return BackupResult{.revision = 5, .entries = 6, .bytes = 7};
  }
  uint64_t revision() const override { return 0; }
  ReclaimMode reclaim_mode() const override { return ReclaimMode::kCallRcu; }
  ReclaimMode SetReclaimMode(ReclaimMode mode) override { return mode; }
  std::string failure() const override { return failure_; }
  absl::Status Stop() override { return absl::OkStatus(); }

  void WaitUntilHanging(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return hanging_ == count; });
  }
  void Fail(const std::string& failure) { failure_ = failure; }
  void GoOn() {
    std::lock_guard lock(mutex_);
    goes_on_ = true;
    changed_.notify_all();
  }

 private:
  absl::Status Hang() {
    std::unique_lock lock(mutex_);
    if (++hanging_ > AdminServiceImpl::kMostTableChanges && !goes_on_) {
      return absl::InternalError("one too many");
    }
    changed_.notify_all();
    changed_.wait(lock, [&] { return goes_on_; });
    return absl::OkStatus();
  }

  std::string failure_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  int hanging_ = 0;
  bool goes_on_ = false;
};

class AdminServiceTest : public testing::Test {
 protected:
  std::string WriteFailure() {
    v1::GetStatusResponse response;
    EXPECT_TRUE(service_.GetStatus(nullptr, &status_, &response).ok());
    return response.write_failure();
  }
  grpc::Status Create() {
    v1::CreateTableResponse response;
    return service_.CreateTable(nullptr, &create_, &response);
  }
  grpc::Status BackUp(v1::BackupResponse* response) {
    grpc::ServerContext context;
    v1::BackupRequest request;
    request.set_directory("/copies/new");
    return service_.Backup(&context, &request, response);
  }
  grpc::Status Delete() {
    v1::DeleteTableResponse response;
    return service_.DeleteTable(nullptr, &delete_, &response);
  }

  const v1::GetStatusRequest status_;
  const v1::CreateTableRequest create_;
  const v1::DeleteTableRequest delete_;
  const std::unique_ptr<Protection> protection_ = Protection::Create(Flavor::kMb).value();
  TableDirectory directory_{*protection_};
  HangingStore store_;
  AdminServiceImpl service_{AdminContext{.protection = protection_.get(),
                                         .directory = &directory_,
                                         .store = &store_,
                                         .answered_calls = [] { return 0u; }}};
};

TEST_F(AdminServiceTest, AStoreThatHangsHoldsAFewThreadsAndNoMore) {
  std::vector<std::thread> held;
  for (int i = 0; i < AdminServiceImpl::kMostTableChanges; ++i) {
    held.emplace_back(
        [this, i] { EXPECT_TRUE((i % 2 == 0 ? Create() : Delete()).ok()); });
  }
  store_.WaitUntilHanging(AdminServiceImpl::kMostTableChanges);
  EXPECT_EQ(Create().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(Delete().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  store_.GoOn();
  for (std::thread& thread : held) thread.join();
  EXPECT_TRUE(Create().ok());
  EXPECT_TRUE(Delete().ok());
}

TEST_F(AdminServiceTest, ASecondBackupAtTheSameTimeIsRefused) {
  v1::BackupResponse first;
  std::thread held([&] { EXPECT_TRUE(BackUp(&first).ok()); });
  store_.WaitUntilHanging(1);
  v1::BackupResponse second;
  EXPECT_EQ(BackUp(&second).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(WriteFailure(), "");
  store_.GoOn();
  held.join();
  EXPECT_EQ(first.revision(), 5u);
  EXPECT_EQ(first.entries(), 6u);
  EXPECT_EQ(first.bytes(), 7u);
  EXPECT_EQ(first.path(), "/copies/new");
  EXPECT_TRUE(BackUp(&second).ok());
}

TEST_F(AdminServiceTest, AShutdownCancelsTheBackup) {
  v1::BackupResponse response;
  std::thread held(
      [&] { EXPECT_EQ(BackUp(&response).error_code(), grpc::StatusCode::CANCELLED); });
  store_.WaitUntilHanging(1);
  service_.Stop();
  store_.GoOn();
  held.join();
}

TEST_F(AdminServiceTest, StatusSaysWhyWritesHaveStopped) {
  EXPECT_EQ(WriteFailure(), "");
  store_.Fail("the store failed to write in /data: disk full");
  EXPECT_EQ(WriteFailure(), "the store failed to write in /data: disk full");
}

// Or no client could read the status.
TEST_F(AdminServiceTest, StatusIsTextWhateverTheNameOfTheDirectory) {
  store_.Fail("the store failed to write in /d\xff: disk full");
  EXPECT_EQ(WriteFailure(), "the store failed to write in /d\\377: disk full");
}

}  // namespace
}  // namespace rcukv
