// Whatever is wrong with a TxnRequest is named, and what is right arrives.
#include "server/service/txn_request.h"

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <variant>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/rcukv/v1/kv.pb.h"
#include "server/service/limits.h"
#include "server/store/transaction.h"

namespace rcukv {
namespace {

using ::testing::HasSubstr;
using Compare = Transaction::Compare;

class TxnRequestTest : public testing::Test {
 protected:
  v1::Compare& AddCompare(const std::string& key = "k") {
    v1::Compare& compare = *request_.add_compares();
    compare.set_key(key);
    compare.set_mod_revision(0);
    return compare;
  }
  v1::GetRequest& AddGet(const std::string& key = "k") {
    v1::GetRequest& get = *request_.add_success()->mutable_get();
    get.set_key(key);
    return get;
  }
  v1::PutRequest& AddPut(const std::string& key = "k") {
    v1::PutRequest& put = *request_.add_success()->mutable_put();
    put.set_key(key);
    return put;
  }
  v1::DeleteRequest& AddDelete(const std::string& key = "k") {
    v1::DeleteRequest& remove = *request_.add_success()->mutable_delete_();
    remove.set_key(key);
    return remove;
  }

  absl::StatusOr<CheckedTxn> Read() const {
    return ReadTxnRequest(request_.SerializeAsString(), limits_);
  }

  // In the branch `success`, and with the branches exchanged in `failure`; the request is
  // then empty again.
  void ExpectRefused(const std::string& message,
                     absl::StatusCode code = absl::StatusCode::kInvalidArgument) {
    const absl::Status status = Read().status();
    EXPECT_EQ(status.code(), code) << status;
    EXPECT_EQ(std::string(status.message()), message);
    request_.mutable_success()->Swap(request_.mutable_failure());
    std::string exchanged = message;
    for (size_t at; (at = exchanged.find("success")) != exchanged.npos;) {
      exchanged.replace(at, 7, "failure");
    }
    EXPECT_EQ(std::string(Read().status().message()), exchanged);
    request_.Clear();
  }

  v1::TxnRequest request_;
  Limits limits_;
};

TEST_F(TxnRequestTest, AllOfItArrives) {
  request_.set_table("routes");
  const auto add = [this](v1::Compare::Result result) -> v1::Compare& {
    v1::Compare& compare = AddCompare("key");
    compare.set_result(result);
    return compare;
  };
  add(v1::Compare::EQUAL).set_mod_revision(7);
  add(v1::Compare::GREATER).set_create_revision(8);
  add(v1::Compare::LESS).set_value("v");
  add(v1::Compare::NOT_EQUAL).set_exists(true);
  AddGet("got").set_min_revision(3);
  AddPut("put").set_value("value");
  v1::GetRequest& other = *request_.add_failure()->mutable_get();
  other.set_key("other");
  other.set_min_revision(5);
  request_.add_failure()->mutable_delete_()->set_key("deleted");
  const absl::StatusOr<CheckedTxn> read = Read();
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->table, "routes");
  EXPECT_EQ(read->min_revision, 5u);
  const Transaction& txn = read->transaction;
  EXPECT_EQ(txn.max_read_bytes, limits_.max_response_bytes);
  ASSERT_EQ(txn.compares.size(), 4u);
  for (const Compare& compare : txn.compares) EXPECT_EQ(compare.key, "key");
  EXPECT_EQ(txn.compares[0].relation, Compare::Relation::kEqual);
  EXPECT_EQ(txn.compares[1].relation, Compare::Relation::kGreater);
  EXPECT_EQ(txn.compares[2].relation, Compare::Relation::kLess);
  EXPECT_EQ(txn.compares[3].relation, Compare::Relation::kNotEqual);
  EXPECT_EQ(std::get<Compare::ModRevision>(txn.compares[0].target).revision, 7u);
  EXPECT_EQ(std::get<Compare::CreateRevision>(txn.compares[1].target).revision, 8u);
  EXPECT_EQ(std::get<Compare::Value>(txn.compares[2].target).bytes, "v");
  EXPECT_TRUE(std::get<Compare::Exists>(txn.compares[3].target).exists);
  ASSERT_EQ(txn.success.size(), 2u);
  EXPECT_EQ(std::get<Transaction::Get>(txn.success[0]).key, "got");
  EXPECT_EQ(std::get<Transaction::Put>(txn.success[1]).key, "put");
  EXPECT_EQ(std::get<Transaction::Put>(txn.success[1]).value, "value");
  ASSERT_EQ(txn.failure.size(), 2u);
  EXPECT_EQ(std::get<Transaction::Get>(txn.failure[0]).key, "other");
  EXPECT_EQ(std::get<Transaction::Delete>(txn.failure[1]).key, "deleted");
}

TEST_F(TxnRequestTest, AnEmptyOneIsRight) { EXPECT_TRUE(Read().ok()); }

TEST_F(TxnRequestTest, BytesThatAreNoSuchMessageAreRefused) {
  EXPECT_EQ(std::string(ReadTxnRequest("\x12\x09k", limits_).status().message()),
            "TxnRequest: malformed at byte 1 of 3: a length runs past the end of the "
            "message");
  EXPECT_EQ(std::string(ReadTxnRequest("\x12\x01k", limits_).status().message()),
            "TxnRequest: malformed: 3 bytes that are not such a message");
}

// ---- Compares

TEST_F(TxnRequestTest, ACompareMustHaveAKeyWithinTheLimit) {
  AddCompare();
  AddCompare("");
  ExpectRefused("compares[1].key: empty, a key has 1 to 4096 bytes");
  AddCompare(std::string(4097, 'k'));
  ExpectRefused("compares[0].key: 4097 bytes, the limit is 4096 (max_key_bytes)");
}

TEST_F(TxnRequestTest, ACompareMustHaveATargetThatIsKnown) {
  AddCompare().clear_target();
  ExpectRefused(
      "compares[0]: has no target that is known to this server; set mod_revision, "
      "create_revision, value or exists");
}

TEST_F(TxnRequestTest, ACompareMustHaveAResultThatIsKnown) {
  AddCompare().set_result(static_cast<v1::Compare::Result>(7));
  ExpectRefused("compares[0].result: 7 is not known to this server");
}

TEST_F(TxnRequestTest, WhetherAKeyExistsIsEqualOrNot) {
  for (v1::Compare::Result result : {v1::Compare::GREATER, v1::Compare::LESS}) {
    v1::Compare& compare = AddCompare();
    compare.set_exists(true);
    compare.set_result(result);
    ExpectRefused("compares[0].result: " + v1::Compare::Result_Name(result) +
                  "; whether a key exists is EQUAL or NOT_EQUAL");
  }
}

TEST_F(TxnRequestTest, AComparedValueMustBeWithinTheLimit) {
  AddCompare().set_value(std::string((1 << 20) + 1, 'v'));
  ExpectRefused(
      "compares[0].value: 1048577 bytes, the limit is 1048576 (max_value_bytes)");
}

// ---- Operations

TEST_F(TxnRequestTest, AnOperationMustHaveARequestThatIsKnown) {
  AddGet();
  request_.add_success();
  ExpectRefused(
      "success[1]: has no request that is known to this server; set get, put or delete");
}

TEST_F(TxnRequestTest, AnOperationMustHaveAKeyWithinTheLimit) {
  AddGet("");
  ExpectRefused("success[0].get.key: empty, a key has 1 to 4096 bytes");
  AddPut("");
  ExpectRefused("success[0].put.key: empty, a key has 1 to 4096 bytes");
  AddGet();
  AddDelete(std::string(4097, 'k'));
  ExpectRefused("success[1].delete.key: 4097 bytes, the limit is 4096 (max_key_bytes)");
}

TEST_F(TxnRequestTest, AValueMustBeWithinTheLimit) {
  AddPut().set_value(std::string((1 << 20) + 1, 'v'));
  ExpectRefused(
      "success[0].put.value: 1048577 bytes, the limit is 1048576 (max_value_bytes)");
}

TEST_F(TxnRequestTest, AnOperationIsOfTheTableOfTheTransaction) {
  request_.set_table("routes");
  AddGet().set_table("routes");
  AddDelete().set_table("shards");
  ExpectRefused(
      "success[1].delete.table: \"shards\", but the transaction's table is \"routes\"");
  AddPut().set_table("shards");
  ExpectRefused(
      "success[0].put.table: \"shards\", but the transaction's table is \"default\"");
  // Two names of one table.
  AddGet().set_table("default");
  EXPECT_TRUE(Read().ok());
  request_.set_table("default");
  request_.mutable_success(0)->mutable_get()->clear_table();
  EXPECT_TRUE(Read().ok());
}

TEST_F(TxnRequestTest, AnExpectedRevisionIsACompare) {
  AddPut().set_expected_mod_revision(0);
  ExpectRefused(
      "success[0].put.expected_mod_revision: is for a call of its own; in a "
      "transaction, compare mod_revision");
  AddDelete().set_expected_mod_revision(7);
  ExpectRefused(
      "success[0].delete.expected_mod_revision: is for a call of its own; in a "
      "transaction, compare mod_revision");
}

TEST_F(TxnRequestTest, ATtlIsNotThereYet) {
  AddPut().set_ttl(1);
  ExpectRefused("success[0].put.ttl: this server does not have expiry yet; leave it at 0",
                absl::StatusCode::kUnimplemented);
}

TEST_F(TxnRequestTest, ABranchWritesAKeyOnce) {
  AddPut("a\n");
  AddGet("a\n");
  AddPut("b");
  AddPut("a\n");
  ExpectRefused(
      "success[3].put.key: \"a\\n\" is written by success[0] already; a branch writes "
      "a key once");
  AddPut();
  AddDelete();
  ExpectRefused(
      "success[1].delete.key: \"k\" is written by success[0] already; a branch writes "
      "a key once");
  AddDelete();
  AddPut();
  ExpectRefused(
      "success[1].put.key: \"k\" is written by success[0] already; a branch writes a "
      "key once");
  AddDelete();
  AddDelete();
  ExpectRefused(
      "success[1].delete.key: \"k\" is written by success[0] already; a branch writes "
      "a key once");
  // Only one of the branches is done.
  AddPut();
  request_.add_failure()->mutable_put()->set_key("k");
  AddGet();
  AddGet();
  EXPECT_TRUE(Read().ok());
}

// ---- Limits

TEST_F(TxnRequestTest, ThereAreLimitsToWhatItHolds) {
  for (int i = 0; i < 128; ++i) {
    AddCompare();
    AddGet();
    request_.add_failure()->mutable_get()->set_key("k");
  }
  EXPECT_TRUE(Read().ok());
  AddGet();
  EXPECT_EQ(std::string(Read().status().message()),
            "success: 129 operations, the limit is 128 (max_txn_operations)");
  request_.mutable_success()->RemoveLast();
  request_.add_failure()->mutable_get()->set_key("k");
  EXPECT_EQ(std::string(Read().status().message()),
            "failure: 129 operations, the limit is 128 (max_txn_operations)");
  AddCompare();
  EXPECT_EQ(std::string(Read().status().message()),
            "compares: 129 compares, the limit is 128 (max_txn_operations)");
}

TEST_F(TxnRequestTest, ThereIsALimitToItsBytes) {
  AddPut("k").set_value(std::string(1000, 'v'));
  limits_.max_txn_bytes = request_.ByteSizeLong();
  EXPECT_TRUE(Read().ok());
  --limits_.max_txn_bytes;
  EXPECT_EQ(Read().status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(Read().status().message()),
              HasSubstr("TxnRequest: 1012 bytes, the limit is 1011 (max_txn_bytes)"));
}

}  // namespace
}  // namespace rcukv
