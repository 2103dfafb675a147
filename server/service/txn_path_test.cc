// Transactions from request bytes to response bytes.
#include "server/service/txn_path.h"

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/rcukv/v1/kv.pb.h"
#include "rcu/entry.h"
#include "server/service/flattened.h"
#include "server/service/limits.h"
#include "server/service/output_buffer.h"
#include "server/store/memory_store.h"
#include "server/store/store_options.h"
#include "server/table/protection.h"
#include "server/table/table_directory.h"

namespace rcukv {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class TxnPathTest : public testing::Test {
 protected:
  ~TxnPathTest() override {
    (void)store_.Stop();
    protection_->Barrier();
  }

  absl::StatusOr<v1::TxnResponse> Call(const v1::TxnRequest& request) {
    TableDirectory::Reader tables(directory_);
    TxnPath path(limits_, &store_, &tables);
    std::promise<absl::StatusOr<v1::TxnResponse>> promise;
    const auto expect = [this](size_t bytes) {
      expected_ = bytes;
      return expect_;
    };
    path.Txn(request.SerializeAsString(), expect,
             [&promise](const absl::Status& status, OutputBuffer bytes) {
               if (!status.ok()) return promise.set_value(status);
               v1::TxnResponse response;
               EXPECT_TRUE(response.ParseFromString(Flattened(std::move(bytes))));
               promise.set_value(std::move(response));
             });
    return promise.get_future().get();
  }

  v1::GetRequest& AddGet(const std::string& key) {
    v1::GetRequest& get = *request_.add_success()->mutable_get();
    get.set_key(key);
    return get;
  }
  void AddPut(const std::string& key, const std::string& value) {
    v1::PutRequest& put = *request_.add_success()->mutable_put();
    put.set_key(key);
    put.set_value(value);
  }

  Limits limits_;
  std::unique_ptr<Protection> protection_ = Protection::Create(Flavor::kMb).value();
  TableDirectory directory_{*protection_};
  MemoryStore store_{*protection_, directory_, StoreOptions()};
  v1::TxnRequest request_;
  // What the call's host was told to expect, and says to it.
  std::optional<size_t> expected_;
  absl::Status expect_;
};

TEST_F(TxnPathTest, EachOperationIsAnsweredInItsPlace) {
  const std::string large(rcu::Entry::kShareableValueBytes, 'v');
  AddPut("small", "value");
  AddPut("large", large);
  AddGet("small");
  AddGet("none");
  AddGet("large");
  request_.add_success()->mutable_delete_()->set_key("none");
  const v1::TxnResponse response = Call(request_).value();
  EXPECT_TRUE(response.succeeded());
  EXPECT_EQ(response.revision(), 1u);
  ASSERT_THAT(response.responses(), SizeIs(6));
  EXPECT_EQ(response.responses(0).put().revision(), 1u);
  EXPECT_EQ(response.responses(1).put().revision(), 1u);
  const v1::Entry& entry = response.responses(2).get().entry();
  EXPECT_EQ(entry.key(), "small");
  EXPECT_EQ(entry.value(), "value");
  EXPECT_EQ(entry.mod_revision(), 1u);
  EXPECT_EQ(entry.create_revision(), 1u);
  EXPECT_EQ(response.responses(2).get().revision(), 1u);
  ASSERT_TRUE(response.responses(3).has_get());
  EXPECT_FALSE(response.responses(3).get().has_entry());
  EXPECT_EQ(response.responses(4).get().entry().value(), large);
  ASSERT_TRUE(response.responses(5).has_delete_());
  EXPECT_FALSE(response.responses(5).delete_().deleted());

  request_.clear_success();
  request_.add_success()->mutable_delete_()->set_key("large");
  const v1::TxnResponse deleted = Call(request_).value();
  EXPECT_TRUE(deleted.responses(0).delete_().deleted());
  EXPECT_EQ(deleted.responses(0).delete_().revision(), 2u);
}

TEST_F(TxnPathTest, ComparesThatDoNotHoldAreAnAnswer) {
  v1::Compare& compare = *request_.add_compares();
  compare.set_key("k");
  compare.set_exists(true);
  AddPut("k", "success");
  request_.add_failure()->mutable_put()->set_key("other");
  const v1::TxnResponse response = Call(request_).value();
  EXPECT_FALSE(response.succeeded());
  EXPECT_THAT(response.responses(), SizeIs(1));
  EXPECT_EQ(response.revision(), 1u);
}

TEST_F(TxnPathTest, AnEmptyOneSucceeds) {
  const v1::TxnResponse response = Call(request_).value();
  EXPECT_TRUE(response.succeeded());
  EXPECT_EQ(response.revision(), 0u);
  EXPECT_THAT(response.responses(), SizeIs(0));
}

TEST_F(TxnPathTest, ATableThatIsNotThereIsNamed) {
  request_.set_table("routes");
  const absl::Status status = Call(request_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("routes"));
  ASSERT_TRUE(directory_.Create("routes").ok());
  AddPut("k", "v");
  EXPECT_TRUE(Call(request_).ok());
  EXPECT_EQ(directory_.FindShared("routes")->Size().entries, 1u);
  EXPECT_EQ(directory_.FindShared("")->Size().entries, 0u);
}

TEST_F(TxnPathTest, AMinRevisionThatIsAheadIsRefusedAndNothingIsWritten) {
  AddPut("k", "v");
  AddGet("k").set_min_revision(1);
  EXPECT_EQ(Call(request_).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(store_.revision(), 0u);
  request_.mutable_success(1)->mutable_get()->set_min_revision(0);
  EXPECT_TRUE(Call(request_).ok());
}

TEST_F(TxnPathTest, AResponseOverItsLimitIsRefusedAndNothingIsWritten) {
  AddPut("large", std::string(10'000, 'v'));
  AddPut("small", std::string(500, 'v'));
  ASSERT_TRUE(Call(request_).ok());
  limits_.max_response_bytes = 11'000;
  request_.clear_success();
  AddPut("new", "value");
  AddGet("large");
  AddGet("small");
  AddGet("small");
  const absl::Status status = Call(request_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("success: 11015 bytes of keys and values in the response, the "
                        "limit is 11000 (max_response_bytes)"));
  EXPECT_EQ(store_.revision(), 1u);
  EXPECT_EQ(directory_.FindShared("")->Size().entries, 2u);
  request_.mutable_success()->RemoveLast();
  EXPECT_TRUE(Call(request_).ok());
}

TEST_F(TxnPathTest, AStoreThatHasStoppedIsUnavailable) {
  AddGet("k");
  ASSERT_TRUE(store_.Stop().ok());
  EXPECT_EQ(Call(request_).status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(TxnPathTest, WhatItsGetsMayCopyIsExpectedBeforeItIsDone) {
  AddPut("a", "1");
  ASSERT_TRUE(Call(request_).ok());
  EXPECT_EQ(expected_, std::nullopt);
  AddGet("a");
  request_.add_failure()->mutable_get()->set_key("a");
  request_.add_failure()->mutable_get()->set_key("b");
  ASSERT_TRUE(Call(request_).ok());
  EXPECT_EQ(expected_, 2 * rcu::Entry::kShareableValueBytes);
  const uint64_t revision = store_.revision();
  expect_ = absl::ResourceExhaustedError("too much");
  EXPECT_EQ(Call(request_).status(), expect_);
  EXPECT_EQ(store_.revision(), revision);
}

}  // namespace
}  // namespace rcukv
