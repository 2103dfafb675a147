// The calls of KeyValueService, and how a server begins and ends.
#include "server/server.h"

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "proto/rcukv/v1/admin.grpc.pb.h"
#include "proto/rcukv/v1/kv.grpc.pb.h"
#include "server/server_for_test.h"
#include "server/table/flavors_for_test.h"

namespace rcukv {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kBinaryKey("\0k\xff\n", 4);

INSTANTIATE_TEST_SUITE_P(Flavors, ServerTest, EveryFlavor(), FlavorOfTest);

// ---- The calls

TEST_P(ServerTest, AKeyThatDoesNotExistIsAnAnswer) {
  EXPECT_FALSE(Get("none").has_entry());
}

TEST_P(ServerTest, WhatWasPutIsRead) {
  uint64_t first = 0;
  uint64_t second = 0;
  ASSERT_TRUE(Put(kBinaryKey, "one", {}, "", &first).ok());
  ASSERT_TRUE(Put(kBinaryKey, std::string("\0\xff", 2), {}, "", &second).ok());
  EXPECT_GT(second, first);
  const v1::GetResponse response = Get(kBinaryKey);
  EXPECT_EQ(response.entry().key(), kBinaryKey);
  EXPECT_EQ(response.entry().value(), std::string("\0\xff", 2));
  EXPECT_EQ(response.entry().mod_revision(), second);
  EXPECT_EQ(response.entry().create_revision(), first);
  EXPECT_EQ(response.revision(), second);
}

TEST_P(ServerTest, PutDependsOnTheExpectedRevision) {
  uint64_t revision = 0;
  ASSERT_TRUE(Put("k", "v", 0, "", &revision).ok());
  ExpectError(Put("k", "w", 0), grpc::StatusCode::FAILED_PRECONDITION, {});
  ExpectError(Put("k", "w", revision + 1), grpc::StatusCode::FAILED_PRECONDITION, {});
  EXPECT_EQ(Get("k").entry().value(), "v");
  EXPECT_TRUE(Put("k", "w", revision).ok());
  EXPECT_EQ(Get("k").entry().value(), "w");
}

TEST_P(ServerTest, DeleteSaysWhetherTheKeyExisted) {
  ASSERT_TRUE(Put("k", "v").ok());
  v1::DeleteRequest request;
  request.set_key("k");
  v1::DeleteResponse first;
  ASSERT_TRUE(Call(kv_.get(), &Kv::Delete, request, &first).ok());
  EXPECT_TRUE(first.deleted());
  v1::DeleteResponse second;
  ASSERT_TRUE(Call(kv_.get(), &Kv::Delete, request, &second).ok());
  EXPECT_FALSE(second.deleted());
  EXPECT_EQ(second.revision(), first.revision());
  EXPECT_FALSE(Get("k").has_entry());
  request.set_expected_mod_revision(1);
  ExpectError(Call(kv_.get(), &Kv::Delete, request, &second),
              grpc::StatusCode::FAILED_PRECONDITION, {});
}

TEST_P(ServerTest, BatchGetAnswersInTheOrderOfTheKeys) {
  v1::BatchGetRequest request;
  for (int i = 0; i < 1000; ++i) {
    const std::string key = absl::StrCat("key", i);
    if (i % 2 == 0) {
      ASSERT_TRUE(Put(key, absl::StrCat("value", i)).ok());
    }
    request.add_keys(key);
  }
  v1::BatchGetResponse response;
  ASSERT_TRUE(Call(kv_.get(), &Kv::BatchGet, request, &response).ok());
  ASSERT_THAT(response.results(), SizeIs(1000));
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(response.results(i).found(), i % 2 == 0);
    EXPECT_EQ(response.results(i).value(), i % 2 == 0 ? absl::StrCat("value", i) : "");
  }
  EXPECT_EQ(response.revision(), 500u);
}

TEST_P(ServerTest, ASnapshotIsAnsweredByBatchGetAndItsStream) {
  ASSERT_TRUE(Put("a", "1").ok());
  v1::BatchGetRequest request;
  request.set_consistency(v1::SNAPSHOT);
  request.add_keys("a");
  request.add_keys("b");
  v1::BatchGetResponse response;
  ASSERT_TRUE(Call(kv_.get(), &Kv::BatchGet, request, &response).ok());
  ASSERT_THAT(response.results(), SizeIs(2));
  EXPECT_EQ(response.results(0).value(), "1");
  EXPECT_FALSE(response.results(1).found());
  EXPECT_EQ(response.revision(), 1u);

  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kPatience);
  const auto stream = kv_->StreamBatchGet(&context);
  ASSERT_TRUE(stream->Write(request));
  ASSERT_TRUE(stream->WritesDone());
  v1::BatchGetResponse streamed;
  ASSERT_TRUE(stream->Read(&streamed));
  EXPECT_EQ(streamed.SerializeAsString(), response.SerializeAsString());
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_P(ServerTest, StreamBatchGetAnswersEachRequestInOrder) {
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(Put(absl::StrCat("k", i), "v").ok());
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kPatience);
  const auto stream = kv_->StreamBatchGet(&context);
  for (int keys = 1; keys <= 20; ++keys) {
    v1::BatchGetRequest request;
    for (int i = 0; i < keys; ++i) request.add_keys(absl::StrCat("k", i));
    ASSERT_TRUE(stream->Write(request));
  }
  ASSERT_TRUE(stream->WritesDone());
  for (int keys = 1; keys <= 20; ++keys) {
    v1::BatchGetResponse response;
    ASSERT_TRUE(stream->Read(&response));
    EXPECT_THAT(response.results(), SizeIs(keys));
  }
  v1::BatchGetResponse none;
  EXPECT_FALSE(stream->Read(&none));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_P(ServerTest, AStreamEndsWithTheErrorOfABadRequest) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kPatience);
  const auto stream = kv_->StreamBatchGet(&context);
  ASSERT_TRUE(stream->Write(v1::BatchGetRequest()));
  v1::BatchGetResponse response;
  EXPECT_FALSE(stream->Read(&response));
  ExpectInvalid(stream->Finish(), {"keys: empty"});
}

TEST_P(ServerTest, ScanReturnsEveryEntryOnce) {
  std::map<std::string, std::string> expected;
  for (int i = 0; i < 500; ++i) {
    const std::string key = absl::StrCat(i % 5 == 0 ? "five/" : "other/", i);
    ASSERT_TRUE(Put(key, absl::StrCat(i)).ok());
    expected[key] = absl::StrCat(i);
  }
  for (uint32_t page_size : {1, 7, 1000}) {
    EXPECT_EQ(Scan({}, page_size), expected);
  }
  v1::ScanRequest five;
  five.set_prefix("five/");
  EXPECT_THAT(Scan(five, 30), SizeIs(100));
  v1::ScanRequest keys_only;
  keys_only.set_keys_only(true);
  for (const auto& [key, value] : Scan(keys_only, 100)) EXPECT_THAT(value, IsEmpty());
}

TEST_P(ServerTest, APageOfLargeValuesFitsAClientsDefaultLimit) {
  constexpr int kEntries = 12;
  for (int i = 0; i < kEntries; ++i) {
    ASSERT_TRUE(Put(absl::StrCat("k", i), std::string(1 << 20, 'v')).ok());
  }
  EXPECT_THAT(Scan({}, 1000), SizeIs(kEntries));
}

TEST_P(ServerTest, ATransactionComparesAndDoesOneOfItsBranches) {
  uint64_t revision = 0;
  ASSERT_TRUE(Put("from", "100").ok());
  ASSERT_TRUE(Put("to", "0", {}, "", &revision).ok());
  v1::TxnRequest request;
  v1::Compare& compare = *request.add_compares();
  compare.set_key("from");
  compare.set_value("100");
  const auto put = [&](const std::string& key, const std::string& value) {
    v1::PutRequest& added = *request.add_success()->mutable_put();
    added.set_key(key);
    added.set_value(value);
  };
  put("from", "60");
  put("to", "40");
  request.add_success()->mutable_get()->set_key("to");
  request.add_failure()->mutable_get()->set_key("from");
  v1::TxnResponse first;
  ASSERT_TRUE(Call(kv_.get(), &Kv::Txn, request, &first).ok());
  EXPECT_TRUE(first.succeeded());
  EXPECT_EQ(first.revision(), revision + 1);
  ASSERT_THAT(first.responses(), SizeIs(3));
  EXPECT_EQ(first.responses(2).get().entry().value(), "40");
  v1::TxnResponse second;
  ASSERT_TRUE(Call(kv_.get(), &Kv::Txn, request, &second).ok());
  EXPECT_FALSE(second.succeeded());
  EXPECT_EQ(second.revision(), first.revision());
  ASSERT_THAT(second.responses(), SizeIs(1));
  EXPECT_EQ(second.responses(0).get().entry().value(), "60");
  EXPECT_EQ(Get("from").entry().mod_revision(), Get("to").entry().mod_revision());
}

TEST_P(ServerTest, MinRevisionIsComparedWithTheServers) {
  uint64_t revision = 0;
  ASSERT_TRUE(Put("k", "v", {}, "", &revision).ok());
  v1::GetRequest get;
  get.set_key("k");
  get.set_min_revision(revision);
  v1::GetResponse response;
  EXPECT_TRUE(Call(kv_.get(), &Kv::Get, get, &response).ok());
  get.set_min_revision(revision + 1);
  ExpectError(Call(kv_.get(), &Kv::Get, get, &response),
              grpc::StatusCode::FAILED_PRECONDITION,
              {"min_revision", absl::StrCat(revision + 1), absl::StrCat(revision)});
  v1::BatchGetRequest batch;
  batch.add_keys("k");
  batch.set_min_revision(revision + 1);
  v1::BatchGetResponse results;
  ExpectError(Call(kv_.get(), &Kv::BatchGet, batch, &results),
              grpc::StatusCode::FAILED_PRECONDITION, {"min_revision"});
}

// What becomes of each of its writes: //server/service:batch_write_path_test.
TEST_P(ServerTest, BatchWritesOfManyClientsAreAllAnswered) {
  constexpr int kClients = 4;
  constexpr int kCalls = 20;
  constexpr int kWrites = 100;
  std::vector<std::thread> clients;
  for (int client = 0; client < kClients; ++client) {
    clients.emplace_back([&, client] {
      for (int call = 0; call < kCalls; ++call) {
        v1::BatchWriteRequest request;
        for (int i = 0; i < kWrites; ++i) {
          request.add_writes()->mutable_put()->set_key(
              absl::StrCat(client, "-", call, "-", i));
        }
        v1::BatchWriteResponse response;
        EXPECT_TRUE(Call(kv_.get(), &Kv::BatchWrite, request, &response).ok());
        ASSERT_THAT(response.results(), SizeIs(kWrites));
        uint64_t revision = 0;
        for (const auto& result : response.results()) {
          EXPECT_GT(result.put().revision(), revision);
          revision = result.put().revision();
        }
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(GetStatus().revision(), uint64_t{kClients} * kCalls * kWrites);
  EXPECT_THAT(Scan({}, 10'000), SizeIs(kClients * kCalls * kWrites));
}

// ---- What is not there yet

TEST_P(ServerTest, CallsThatAreNotThereYetSaySo) {
  const auto expect = [](const grpc::Status& status, const std::string& name) {
    ExpectError(status, grpc::StatusCode::UNIMPLEMENTED, {name, "yet"});
  };
  v1::PutRequest put;
  put.set_key("k");
  put.set_ttl(1);
  v1::PutResponse put_response;
  expect(Call(kv_.get(), &Kv::Put, put, &put_response), "ttl");
}

// ---- Life and death

TEST_P(ServerTest, ASecondServerOnTheSamePortSaysWhatToDo) {
  ServerOptions same = options_;
  same.listen = server_->address();
  const absl::StatusOr<std::unique_ptr<Server>> second = Server::Start(same);
  EXPECT_THAT(
      std::string(second.status().message()),
      AllOf(HasSubstr(server_->address()), HasSubstr("in use"), HasSubstr("--listen")));
  same.listen = "127.0.0.1:0";
  same.admin_listen = server_->admin_address();
  const absl::StatusOr<std::unique_ptr<Server>> third = Server::Start(same);
  EXPECT_THAT(std::string(third.status().message()),
              AllOf(HasSubstr(server_->admin_address()), HasSubstr("--admin_listen")));
}

TEST_P(ServerTest, EveryCallDuringAShutdownIsAnsweredOrRefused) {
  std::atomic<bool> refused{false};
  std::atomic<int> answered{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&, i] {
      while (true) {
        const grpc::Status status = Put(absl::StrCat("k", i), "v");
        if (!status.ok()) {
          EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE)
              << status.error_message();
          refused = true;
          return;
        }
        ++answered;
      }
    });
  }
  while (answered < 100) std::this_thread::yield();
  EXPECT_TRUE(server_->Shutdown(kPatience).ok());
  for (std::thread& client : clients) client.join();
  EXPECT_TRUE(refused);
  server_.reset();
}

TEST_P(ServerTest, ReadersAreRightWhileWritersReplace) {
  constexpr int kKeys = 50;
  for (int i = 0; i < kKeys; ++i) ASSERT_TRUE(Put(absl::StrCat("k", i), "0").ok());
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (int round = 1; !stop; ++round) {
      ASSERT_TRUE(
          Put(absl::StrCat("k", round % kKeys), std::string(round % 500, 'v')).ok());
    }
  });
  v1::BatchGetRequest request;
  for (int i = 0; i < kKeys; ++i) request.add_keys(absl::StrCat("k", i));
  uint64_t newest = 0;
  for (int round = 0; round < 300; ++round) {
    v1::BatchGetResponse response;
    ASSERT_TRUE(Call(kv_.get(), &Kv::BatchGet, request, &response).ok());
    EXPECT_GE(response.revision(), newest);
    newest = response.revision();
    for (const auto& result : response.results()) EXPECT_TRUE(result.found());
  }
  stop = true;
  writer.join();
}

}  // namespace
}  // namespace rcukv
