// Whatever is wrong with a request is refused by name, and the server goes on.
#include <grpcpp/support/status.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/rcukv/v1/admin.grpc.pb.h"
#include "proto/rcukv/v1/kv.grpc.pb.h"
#include "server/server_for_test.h"
#include "server/table/flavors_for_test.h"

namespace rcukv {
namespace {

using BadInputTest = ServerTest;

INSTANTIATE_TEST_SUITE_P(Flavors, BadInputTest, EveryFlavor(), FlavorOfTest);

TEST_P(BadInputTest, AKeyOverItsLimitIsRefusedByName) {
  const std::string key(4097, 'k');
  const std::vector<std::string> parts = {"key: 4097 bytes", "limit is 4096"};
  ExpectInvalid(Put(key, ""), parts);
  v1::GetRequest get;
  get.set_key(key);
  v1::GetResponse got;
  ExpectInvalid(Call(kv_.get(), &Kv::Get, get, &got), parts);
  v1::DeleteRequest remove;
  remove.set_key(key);
  v1::DeleteResponse removed;
  ExpectInvalid(Call(kv_.get(), &Kv::Delete, remove, &removed), parts);
  v1::BatchGetRequest batch;
  batch.add_keys("k");
  batch.add_keys(key);
  v1::BatchGetResponse results;
  ExpectInvalid(Call(kv_.get(), &Kv::BatchGet, batch, &results), {"keys[1]: 4097 bytes"});
  v1::ScanRequest scan;
  scan.set_prefix(key);
  v1::ScanResponse page;
  ExpectInvalid(Call(kv_.get(), &Kv::Scan, scan, &page), {"prefix: 4097 bytes"});
  EXPECT_TRUE(Put(std::string(4096, 'k'), "").ok());
}

TEST_P(BadInputTest, AnEmptyKeyIsRefused) {
  ExpectInvalid(Put("", ""), {"key: empty"});
  ExpectInvalid(CallRaw("Get", ""), {"key: empty"});
  ExpectInvalid(CallRaw("Delete", ""), {"key: empty"});
  v1::BatchGetRequest batch;
  batch.add_keys("");
  v1::BatchGetResponse results;
  ExpectInvalid(Call(kv_.get(), &Kv::BatchGet, batch, &results), {"keys[0]: empty"});
}

TEST_P(BadInputTest, AValueOverItsLimitIsRefusedByName) {
  ExpectInvalid(Put("k", std::string((1 << 20) + 1, 'v')),
                {"value: 1048577 bytes", "limit is 1048576"});
  EXPECT_TRUE(Put("k", std::string(1 << 20, 'v')).ok());
  EXPECT_EQ(Get("k").entry().value().size(), 1u << 20);
}

TEST_P(BadInputTest, ABatchOverItsLimitIsRefusedByName) {
  v1::BatchGetRequest request;
  v1::BatchGetResponse response;
  ExpectInvalid(Call(kv_.get(), &Kv::BatchGet, request, &response), {"keys: empty"});
  for (int i = 0; i < 10'000; ++i) request.add_keys("k");
  EXPECT_TRUE(Call(kv_.get(), &Kv::BatchGet, request, &response).ok());
  request.add_keys("k");
  ExpectInvalid(Call(kv_.get(), &Kv::BatchGet, request, &response),
                {"keys: 10001 keys", "limit is 10000"});
}

// Each write of one: //server/service:batch_write_path_test.
TEST_P(BadInputTest, ABatchOfWritesOverItsLimitIsRefusedByName) {
  v1::BatchWriteRequest request;
  v1::BatchWriteResponse response;
  ExpectInvalid(Call(kv_.get(), &Kv::BatchWrite, request, &response), {"writes: empty"});
  for (int i = 0; i < 10'000; ++i) request.add_writes()->mutable_delete_()->set_key("k");
  EXPECT_TRUE(Call(kv_.get(), &Kv::BatchWrite, request, &response).ok());
  request.add_writes();
  ExpectInvalid(Call(kv_.get(), &Kv::BatchWrite, request, &response),
                {"writes: 10001 writes", "limit is 10000"});
}

TEST_P(BadInputTest, LimitsAreOptions) {
  options_.limits.max_key_bytes = 5;
  options_.limits.max_value_bytes = 6;
  options_.limits.max_batch_keys = 7;
  options_.limits.max_txn_operations = 2;
  options_.limits.max_txn_bytes = 100;
  Start();
  EXPECT_TRUE(Put("12345", "123456").ok());
  ExpectInvalid(Put("123456", ""), {"key", "limit is 5"});
  ExpectInvalid(Put("1", "1234567"), {"value", "limit is 6"});
  v1::BatchGetRequest request;
  for (int i = 0; i < 8; ++i) request.add_keys("k");
  v1::BatchGetResponse response;
  ExpectInvalid(Call(kv_.get(), &Kv::BatchGet, request, &response), {"limit is 7"});
  v1::TxnRequest txn;
  for (int i = 0; i < 3; ++i) txn.add_success()->mutable_get()->set_key("k");
  v1::TxnResponse done;
  ExpectInvalid(Call(kv_.get(), &Kv::Txn, txn, &done), {"success", "limit is 2"});
  for (int i = 0; i < 100; ++i) txn.add_compares();
  ExpectInvalid(Call(kv_.get(), &Kv::Txn, txn, &done), {"TxnRequest", "limit is 100"});
}

// Each of its fields: //server/service:txn_request_test.
TEST_P(BadInputTest, ATransactionIsRefusedByTheNameOfItsField) {
  v1::TxnRequest request;
  request.add_success()->mutable_put()->set_key("k");
  request.add_success()->mutable_delete_()->set_key("k");
  v1::TxnResponse response;
  ExpectInvalid(Call(kv_.get(), &Kv::Txn, request, &response),
                {"success[1].delete.key: \"k\" is written by success[0] already"});
  request.mutable_success()->RemoveLast();
  EXPECT_TRUE(Call(kv_.get(), &Kv::Txn, request, &response).ok());
  request.mutable_success(0)->mutable_put()->set_value(std::string(20 << 20, 'v'));
  ExpectInvalid(Call(kv_.get(), &Kv::Txn, request, &response),
                {"TxnRequest: ", "limit is 16777216"});
}

TEST_P(BadInputTest, AConsistencyThatIsNotKnownIsRefused) {
  v1::BatchGetRequest batch;
  batch.add_keys("k");
  batch.set_consistency(static_cast<v1::Consistency>(7));
  v1::BatchGetResponse results;
  ExpectInvalid(Call(kv_.get(), &Kv::BatchGet, batch, &results), {"consistency", "7"});
}

TEST_P(BadInputTest, AnUnknownTableIsRefusedByName) {
  const std::string name = "no-such-table";
  const auto expect = [&](const grpc::Status& status) {
    ExpectError(status, grpc::StatusCode::NOT_FOUND, {name});
  };
  expect(Put("k", "v", {}, name));
  v1::GetRequest get;
  get.set_table(name);
  get.set_key("k");
  v1::GetResponse got;
  expect(Call(kv_.get(), &Kv::Get, get, &got));
  v1::BatchGetRequest batch;
  batch.set_table(name);
  batch.add_keys("k");
  v1::BatchGetResponse results;
  expect(Call(kv_.get(), &Kv::BatchGet, batch, &results));
  v1::DeleteRequest remove;
  remove.set_table(name);
  remove.set_key("k");
  v1::DeleteResponse removed;
  expect(Call(kv_.get(), &Kv::Delete, remove, &removed));
  v1::ScanRequest scan;
  scan.set_table(name);
  v1::ScanResponse page;
  expect(Call(kv_.get(), &Kv::Scan, scan, &page));
  v1::TxnRequest txn;
  txn.set_table(name);
  v1::TxnResponse done;
  expect(Call(kv_.get(), &Kv::Txn, txn, &done));
  v1::RunLookupsRequest lookups;
  lookups.set_table(name);
  v1::RunLookupsResponse report;
  expect(Call(admin_.get(), &Admin::RunLookups, lookups, &report));
}

TEST_P(BadInputTest, MalformedBytesAreRefusedByMessage) {
  const std::string cut_off("\x12\x09k", 3);
  ExpectInvalid(CallRaw("Get", cut_off), {"GetRequest: malformed at byte 1 of 3"});
  ExpectInvalid(CallRaw("BatchGet", cut_off), {"BatchGetRequest: malformed at byte 1"});
  ExpectInvalid(CallRaw("Put", cut_off), {"PutRequest: malformed"});
  ExpectInvalid(CallRaw("Delete", cut_off), {"DeleteRequest: malformed"});
  ExpectInvalid(CallRaw("BatchWrite", cut_off), {"BatchWriteRequest: malformed"});
  ExpectInvalid(CallRaw("Scan", cut_off), {"ScanRequest: malformed"});
  ExpectInvalid(CallRaw("Txn", cut_off), {"TxnRequest: malformed"});
  ExpectInvalid(CallRaw("Get", "\x0a\x02\xff\xff"), {"not valid UTF-8"});
}

TEST_P(BadInputTest, ATokenThatIsNotOfThisScanIsRefused) {
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(Put(absl::StrCat("k", i), "v").ok());
  v1::ScanRequest request;
  request.set_page_size(2);
  v1::ScanResponse page;
  ASSERT_TRUE(Call(kv_.get(), &Kv::Scan, request, &page).ok());
  ASSERT_FALSE(page.next_page_token().empty());
  request.set_page_token(page.next_page_token());
  request.set_prefix("k1");
  ExpectInvalid(Call(kv_.get(), &Kv::Scan, request, &page),
                {"page_token", "start the scan again without a token"});
  request.set_prefix("");
  request.set_page_token("garbage");
  ExpectInvalid(Call(kv_.get(), &Kv::Scan, request, &page), {"page_token"});
  request.clear_page_token();
  request.set_page_size(10'001);
  ExpectInvalid(Call(kv_.get(), &Kv::Scan, request, &page),
                {"page_size: 10001", "limit is 10000"});
}

TEST_P(BadInputTest, AMessageThatIsFarTooLargeIsRefused) {
  v1::PutRequest request;
  request.set_key("k");
  request.set_value(std::string(100 << 20, 'v'));
  v1::PutResponse response;
  ExpectError(Call(kv_.get(), &Kv::Put, request, &response),
              grpc::StatusCode::RESOURCE_EXHAUSTED, {});
}

}  // namespace
}  // namespace rcukv
