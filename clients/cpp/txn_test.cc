#include "clients/cpp/txn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "clients/cpp/client.h"
#include "clients/cpp/fake_server.h"
#include "proto/rcukv/v1/kv.pb.h"

namespace rcukv {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class TxnTest : public ::testing::Test {
 protected:
  // Commits a transaction to a server that answers `response`.
  absl::StatusOr<TxnResult> Commit(const Txn& txn, const v1::TxnResponse& response,
                                   const TxnOptions& options = {}) {
    server_.AnswerTxnsWith([&](const v1::TxnRequest& request, v1::TxnResponse* answer) {
      request_ = request;
      *answer = response;
      return grpc::Status::OK;
    });
    return client_->Commit(txn, options);
  }

  FakeServer server_;
  const std::unique_ptr<Client> client_ = Client::Connect(server_.address()).value();
  // The newest that has reached the server.
  v1::TxnRequest request_;
};

TEST_F(TxnTest, EachConditionArrives) {
  Txn txn;
  txn.If(ValueOf("a") == "v")
      .If(ValueOf("a") != std::string("\0\xff", 2))
      .If(ModRevisionOf("b") > 7)
      .If(CreateRevisionOf("c") < 8)
      .If(ModRevisionOf("d") == 0)
      .If(Exists("e"))
      .If(Missing("f"));
  v1::TxnResponse response;
  response.set_succeeded(true);
  const absl::StatusOr<TxnResult> result = Commit(txn, response, {.table = "routes"});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(result->succeeded);
  EXPECT_EQ(request_.table(), "routes");
  ASSERT_THAT(request_.compares(), SizeIs(7));
  const auto compare = [this](int i) { return request_.compares(i); };
  EXPECT_EQ(compare(0).key(), "a");
  EXPECT_EQ(compare(0).result(), v1::Compare::EQUAL);
  EXPECT_EQ(compare(0).value(), "v");
  EXPECT_EQ(compare(1).result(), v1::Compare::NOT_EQUAL);
  EXPECT_EQ(compare(1).value(), std::string("\0\xff", 2));
  EXPECT_EQ(compare(2).key(), "b");
  EXPECT_EQ(compare(2).result(), v1::Compare::GREATER);
  EXPECT_EQ(compare(2).mod_revision(), 7u);
  EXPECT_EQ(compare(3).result(), v1::Compare::LESS);
  EXPECT_EQ(compare(3).create_revision(), 8u);
  // A target that is 0 is there.
  EXPECT_EQ(compare(4).target_case(), v1::Compare::kModRevision);
  EXPECT_EQ(compare(5).key(), "e");
  EXPECT_TRUE(compare(5).exists());
  EXPECT_EQ(compare(6).result(), v1::Compare::EQUAL);
  EXPECT_EQ(compare(6).target_case(), v1::Compare::kExists);
  EXPECT_FALSE(compare(6).exists());
}

// Of each kind of operation one in each list.
Txn AllOperations() {
  Txn txn;
  txn.ThenGet("a").ThenPut("b", "1").ThenDelete("c").ElseDelete("d").ElseGet("e").ElsePut(
      "f", "2");
  return txn;
}

TEST_F(TxnTest, OperationsAreAnsweredInTheirPlaces) {
  v1::TxnResponse response;
  response.set_revision(9);
  response.set_succeeded(true);
  v1::Entry& entry = *response.add_responses()->mutable_get()->mutable_entry();
  entry.set_key("a");
  entry.set_value("value");
  entry.set_mod_revision(5);
  entry.set_create_revision(3);
  response.add_responses()->mutable_put()->set_revision(9);
  response.add_responses()->mutable_delete_()->set_deleted(true);
  const TxnResult result = Commit(AllOperations(), response).value();
  EXPECT_EQ(result.revision, 9u);
  EXPECT_TRUE(result.succeeded);
  ASSERT_THAT(result.responses, SizeIs(3));
  EXPECT_EQ(result.responses[0].entry->value, "value");
  EXPECT_EQ(result.responses[0].entry->mod_revision, 5u);
  EXPECT_EQ(result.responses[0].entry->create_revision, 3u);
  EXPECT_FALSE(result.responses[1].entry.has_value());
  EXPECT_TRUE(result.responses[2].existed);

  ASSERT_THAT(request_.success(), SizeIs(3));
  EXPECT_EQ(request_.success(0).get().key(), "a");
  EXPECT_EQ(request_.success(1).put().key(), "b");
  EXPECT_EQ(request_.success(1).put().value(), "1");
  EXPECT_EQ(request_.success(2).delete_().key(), "c");
  ASSERT_THAT(request_.failure(), SizeIs(3));
  EXPECT_EQ(request_.failure(0).delete_().key(), "d");
  EXPECT_EQ(request_.failure(1).get().key(), "e");
  EXPECT_EQ(request_.failure(2).put().key(), "f");
}

TEST_F(TxnTest, ConditionsThatDoNotHoldAreAnAnswer) {
  v1::TxnResponse response;
  response.add_responses()->mutable_delete_();
  response.add_responses()->mutable_get();
  response.add_responses()->mutable_put();
  const TxnResult result = Commit(AllOperations(), response).value();
  EXPECT_FALSE(result.succeeded);
  ASSERT_THAT(result.responses, SizeIs(3));
  EXPECT_FALSE(result.responses[0].existed);
  EXPECT_FALSE(result.responses[1].entry.has_value());
}

TEST_F(TxnTest, AnErrorIsTheServers) {
  server_.AnswerTxnsWith([](const v1::TxnRequest&, v1::TxnResponse*) {
    return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "success[0].get.key: empty");
  });
  Txn txn;
  txn.ThenGet("");
  const absl::Status status = client_->Commit(txn).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("success[0].get.key: empty"));
}

TEST_F(TxnTest, AnAnswerThatDoesNotFitIsAnError) {
  v1::TxnResponse response;
  response.set_succeeded(true);
  EXPECT_TRUE(absl::IsInternal(Commit(AllOperations(), response).status()));
  for (int i = 0; i < 3; ++i) response.add_responses()->mutable_get();
  EXPECT_TRUE(absl::IsInternal(Commit(AllOperations(), response).status()));
}

}  // namespace
}  // namespace rcukv
