// BatchWrites from request bytes to response bytes.
#include "server/service/batch_write_path.h"

#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/rcukv/v1/kv.pb.h"
#include "server/service/flattened.h"
#include "server/service/limits.h"
#include "server/service/output_buffer.h"
#include "server/store/memory_store.h"
#include "server/store/store.h"
#include "server/store/store_options.h"
#include "server/store/transaction.h"
#include "server/table/protection.h"
#include "server/table/table_directory.h"

namespace rcukv {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

using Response = absl::StatusOr<v1::BatchWriteResponse>;

// Answers each write with one status, as one does that has failed, or is full.
class RefusingStore final : public Store {
 public:
  explicit RefusingStore(absl::Status status) : status_(std::move(status)) {}

  std::string_view name() const override { return "refusing"; }
  void Submit(Write write) override { write.done(status_); }
  void SubmitTransaction(Transaction transaction) override { transaction.done(status_); }
  absl::Status CreateTable(std::string_view) override { return status_; }
  absl::StatusOr<uint64_t> DeleteTable(std::string_view) override { return status_; }
  uint64_t revision() const override { return 7; }
  ReclaimMode reclaim_mode() const override { return ReclaimMode::kCallRcu; }
  ReclaimMode SetReclaimMode(ReclaimMode mode) override { return mode; }
  std::string failure() const override { return ""; }
  absl::Status Stop() override { return absl::OkStatus(); }

 private:
  const absl::Status status_;
};

class BatchWritePathTest : public testing::Test {
 protected:
  ~BatchWritePathTest() override {
    (void)store_.Stop();
    protection_->Barrier();
  }

  Response CallRaw(const std::string& request, Store& store) {
    TableDirectory::Reader tables(directory_);
    BatchWritePath path(limits_, &store, &tables);
    std::promise<Response> promise;
    path.BatchWrite(request, [&promise](const absl::Status& status, OutputBuffer bytes) {
      if (!status.ok()) return promise.set_value(status);
      v1::BatchWriteResponse response;
      EXPECT_TRUE(response.ParseFromString(Flattened(std::move(bytes))));
      promise.set_value(std::move(response));
    });
    return promise.get_future().get();
  }

  Response Call(Store& store) { return CallRaw(request_.SerializeAsString(), store); }
  Response Call() { return Call(store_); }

  v1::PutRequest& AddPut(const std::string& key, const std::string& value = "") {
    v1::PutRequest& put = *request_.add_writes()->mutable_put();
    put.set_key(key);
    put.set_value(value);
    return put;
  }
  v1::DeleteRequest& AddDelete(const std::string& key) {
    v1::DeleteRequest& remove = *request_.add_writes()->mutable_delete_();
    remove.set_key(key);
    return remove;
  }

  void ExpectError(const v1::BatchWriteResponse::Result& result, absl::StatusCode code,
                   const std::string& part) {
    ASSERT_TRUE(result.has_error()) << result.ShortDebugString();
    EXPECT_EQ(result.error().code(), static_cast<int>(code));
    EXPECT_THAT(result.error().message(), HasSubstr(part));
  }

  Limits limits_;
  std::unique_ptr<Protection> protection_ = Protection::Create(Flavor::kMb).value();
  TableDirectory directory_{*protection_};
  MemoryStore store_{*protection_, directory_, StoreOptions()};
  v1::BatchWriteRequest request_;
};

TEST_F(BatchWritePathTest, EachWriteIsDoneInOrderAndAnsweredInItsPlace) {
  AddPut("a", "1");
  AddDelete("a");
  AddDelete("none");
  AddPut("a", "2");
  const v1::BatchWriteResponse response = Call().value();
  ASSERT_THAT(response.results(), SizeIs(4));
  EXPECT_EQ(response.results(0).put().revision(), 1u);
  EXPECT_EQ(response.results(1).delete_().revision(), 2u);
  EXPECT_TRUE(response.results(1).delete_().deleted());
  EXPECT_EQ(response.results(2).delete_().revision(), 2u);
  EXPECT_FALSE(response.results(2).delete_().deleted());
  EXPECT_EQ(response.results(3).put().revision(), 3u);
}

TEST_F(BatchWritePathTest, AWriteThatIsRefusedTouchesNoOther) {
  AddPut("before");
  AddPut("expected").set_expected_mod_revision(7);
  AddPut(std::string(4097, 'k'));
  AddPut("");
  AddPut("large", std::string((1 << 20) + 1, 'v'));
  AddPut("ttl").set_ttl(1);
  AddPut("elsewhere").set_table("no-such-table");
  AddDelete("nowhere").set_table("no-such-table");
  AddDelete("");
  AddDelete("expected").set_expected_mod_revision(7);
  request_.add_writes();
  AddPut("after");
  const v1::BatchWriteResponse response = Call().value();
  ASSERT_THAT(response.results(), SizeIs(12));
  const auto refused = [&](int i, absl::StatusCode code, const std::string& part) {
    ExpectError(response.results(i), code, part);
  };
  EXPECT_EQ(response.results(0).put().revision(), 1u);
  refused(1, absl::StatusCode::kFailedPrecondition, "7");
  refused(2, absl::StatusCode::kInvalidArgument, "key: 4097 bytes");
  refused(3, absl::StatusCode::kInvalidArgument, "key: empty");
  refused(4, absl::StatusCode::kInvalidArgument, "value: 1048577 bytes");
  refused(5, absl::StatusCode::kUnimplemented, "ttl");
  refused(6, absl::StatusCode::kNotFound, "no-such-table");
  refused(7, absl::StatusCode::kNotFound, "no-such-table");
  refused(8, absl::StatusCode::kInvalidArgument, "key: empty");
  refused(9, absl::StatusCode::kFailedPrecondition, "7");
  refused(10, absl::StatusCode::kInvalidArgument, "set put or delete");
  EXPECT_EQ(response.results(11).put().revision(), 2u);
}

TEST_F(BatchWritePathTest, ItsWritesAreOfAnyTables) {
  ASSERT_TRUE(directory_.Create("other").ok());
  AddPut("k", "here");
  AddPut("k", "there").set_table("other");
  ASSERT_TRUE(Call().ok());
  EXPECT_EQ(directory_.FindShared("")->Size().entries, 1u);
  EXPECT_EQ(directory_.FindShared("other")->Size().entries, 1u);
}

TEST_F(BatchWritePathTest, OneWithoutWritesIsRefused) {
  const absl::Status status = Call().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("writes: empty"));
}

// A request of 80 MB may say that it has forty million writes: it says so before any of
// them is looked at. Here, looking at them would find that they are malformed.
TEST_F(BatchWritePathTest, WritesAreCountedBeforeAnythingIsMadeOfThem) {
  limits_.max_batch_keys = 7;
  const std::string malformed = "\x0a\x01\xff";
  std::string request;
  for (int i = 0; i < 7; ++i) request += malformed;
  const Response seven = CallRaw(request, store_);
  ASSERT_TRUE(seven.ok()) << seven.status();
  for (const auto& result : seven->results()) {
    ExpectError(result, absl::StatusCode::kInvalidArgument, "malformed");
  }
  const absl::Status status = CallRaw(request + malformed, store_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("writes: 8 writes, the limit is 7 (max_batch_keys)"));
}

TEST_F(BatchWritePathTest, NothingIsDoneWhereTheCallIsMalformed) {
  AddPut("k");
  const std::string request = request_.SerializeAsString() + "\x0a\x09";
  const absl::Status status = CallRaw(request, store_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("BatchWriteRequest: malformed at"));
  EXPECT_EQ(store_.revision(), 0u);
}

TEST_F(BatchWritePathTest, WhatAFieldOfALaterVersionSaysIsPassedOver) {
  AddPut("k");
  // Field 9, a varint.
  const Response response = CallRaw("\x48\x07" + request_.SerializeAsString(), store_);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_TRUE(response->results(0).has_put());
}

TEST_F(BatchWritePathTest, AStoreThatHasFailedAnswersEach) {
  RefusingStore failed(absl::UnknownError("the disk is gone"));
  for (const char* key : {"a", "b"}) AddPut(key);
  AddDelete("c");
  const v1::BatchWriteResponse response = Call(failed).value();
  ASSERT_THAT(response.results(), SizeIs(3));
  for (const auto& result : response.results()) {
    ExpectError(result, absl::StatusCode::kUnknown, "the disk is gone");
  }
}

TEST_F(BatchWritePathTest, WhatAFullServerHasNoMemoryForIsRefusedForItself) {
  MemoryStore full(*protection_, directory_, {.memory_limit_bytes = 1});
  AddDelete("a");
  AddPut("b");
  const v1::BatchWriteResponse response = Call(full).value();
  EXPECT_TRUE(response.results(0).has_delete_());
  ExpectError(response.results(1), absl::StatusCode::kResourceExhausted, "memory");
}

// All come at once, so whatever the committer does the limit is met.
TEST_F(BatchWritePathTest, WhatFindsNoRoomAmongTheWritesThatWaitIsRefusedForItself) {
  MemoryStore narrow(*protection_, directory_, {.max_queued_bytes = 10'000});
  for (int i = 0; i < 10; ++i) AddPut(absl::StrCat(i), std::string(3'000, 'v'));
  const v1::BatchWriteResponse response = Call(narrow).value();
  ASSERT_THAT(response.results(), SizeIs(10));
  EXPECT_TRUE(response.results(0).has_put());
  EXPECT_TRUE(response.results(1).has_put());
  for (int i = 3; i < 10; ++i) {
    ExpectError(response.results(i), absl::StatusCode::kResourceExhausted,
                "too many writes waiting");
  }
}

TEST_F(BatchWritePathTest, AStoreThatHasStoppedTakesNone) {
  ASSERT_TRUE(store_.Stop().ok());
  AddPut("k");
  ExpectError(Call().value().results(0), absl::StatusCode::kUnavailable, "shutting down");
}

TEST_F(BatchWritePathTest, MessagesAreBoundedTogetherAndCodesAreThereAllTheSame) {
  RefusingStore verbose(absl::UnknownError(std::string(300'000, 'm')));
  for (int i = 0; i < 5; ++i) AddPut("k");
  const v1::BatchWriteResponse response = Call(verbose).value();
  ASSERT_THAT(response.results(), SizeIs(5));
  for (int i = 0; i < 5; ++i) {
    const v1::BatchWriteResponse::Error& error = response.results(i).error();
    EXPECT_EQ(error.code(), static_cast<int>(absl::StatusCode::kUnknown));
    if (i < 3) {
      EXPECT_THAT(error.message(), Not(IsEmpty())) << i;
    } else {
      EXPECT_THAT(error.message(), IsEmpty()) << i;
    }
  }
}

}  // namespace
}  // namespace rcukv
