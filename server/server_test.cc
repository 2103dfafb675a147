// The whole server over gRPC on loopback, with whatever protects the readers.
#include "server/server.h"

#include <gmock/gmock.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <latch>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/rcukv/v1/admin.grpc.pb.h"
#include "proto/rcukv/v1/kv.grpc.pb.h"
#include "rcu/entry.h"
#include "server/table/flavors_for_test.h"
#include "server/table/protection.h"

namespace rcukv {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Long enough for a slow machine; a test that works never waits for it.
constexpr std::chrono::seconds kPatience{60};

const std::string kBinaryKey("\0k\xff\n", 4);

template <typename Stub, typename Request, typename Response>
grpc::Status Call(Stub* stub,
                  grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                               Response*),
                  const Request& request, Response* response) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kPatience);
  return (stub->*method)(&context, request, response);
}

class ServerTest : public ::testing::TestWithParam<Flavor> {
 protected:
  using Kv = v1::KeyValueService::Stub;
  using Admin = v1::AdminService::Stub;

  ServerTest() {
    options_.listen = "127.0.0.1:0";
    options_.admin_listen = "127.0.0.1:0";
    options_.flavor = GetParam();
    options_.threads = 2;
  }

  void SetUp() override { Start(); }

  void Start() {
    server_.reset();
    absl::StatusOr<std::unique_ptr<Server>> server = Server::Start(options_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    channel_ =
        grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials());
    kv_ = v1::KeyValueService::NewStub(channel_);
    admin_ = v1::AdminService::NewStub(grpc::CreateChannel(
        server_->admin_address(), grpc::InsecureChannelCredentials()));
  }

  void TearDown() override {
    if (server_ != nullptr && !HasFailure()) ExpectServing();
  }

  // Whatever a test has sent.
  void ExpectServing() {
    uint64_t revision = 0;
    EXPECT_TRUE(Put("still", "here", {}, "", &revision).ok());
    const v1::GetResponse response = Get("still");
    EXPECT_EQ(response.entry().value(), "here");
    EXPECT_GE(response.revision(), revision);
  }

  grpc::Status Put(const std::string& key, const std::string& value,
                   std::optional<uint64_t> expected = {}, const std::string& table = "",
                   uint64_t* revision = nullptr) {
    v1::PutRequest request;
    request.set_table(table);
    request.set_key(key);
    request.set_value(value);
    if (expected.has_value()) request.set_expected_mod_revision(*expected);
    v1::PutResponse response;
    const grpc::Status status = Call(kv_.get(), &Kv::Put, request, &response);
    if (revision != nullptr) *revision = response.revision();
    return status;
  }

  v1::GetResponse Get(const std::string& key) {
    v1::GetRequest request;
    request.set_key(key);
    v1::GetResponse response;
    const grpc::Status status = Call(kv_.get(), &Kv::Get, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  // All entries of a scan, whose pages are of `page_size`, by key.
  std::map<std::string, std::string> Scan(v1::ScanRequest request, uint32_t page_size) {
    std::map<std::string, std::string> entries;
    request.set_page_size(page_size);
    do {
      v1::ScanResponse response;
      const grpc::Status status = Call(kv_.get(), &Kv::Scan, request, &response);
      EXPECT_TRUE(status.ok()) << status.error_message();
      EXPECT_LE(response.entries_size(), static_cast<int>(page_size));
      for (const v1::Entry& entry : response.entries()) {
        EXPECT_TRUE(entries.emplace(entry.key(), entry.value()).second) << entry.key();
      }
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return entries;
  }

  // The status of a call whose message is `bytes`, whatever they are.
  grpc::Status CallRaw(const std::string& method, const std::string& bytes) {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kPatience);
    grpc::CompletionQueue queue;
    const grpc::Slice slice(bytes);
    const auto call =
        stub.PrepareUnaryCall(&context, "/rcukv.v1.KeyValueService/" + method,
                              grpc::ByteBuffer(&slice, 1), &queue);
    grpc::ByteBuffer response;
    grpc::Status status;
    call->StartCall();
    call->Finish(&response, &status, &queue);
    void* tag;
    bool ok;
    EXPECT_TRUE(queue.Next(&tag, &ok));
    return status;
  }

  v1::GetStatusResponse GetStatus() {
    v1::GetStatusResponse response;
    const grpc::Status status =
        Call(admin_.get(), &Admin::GetStatus, v1::GetStatusRequest(), &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  ServerOptions options_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<Kv> kv_;
  std::unique_ptr<Admin> admin_;
};

INSTANTIATE_TEST_SUITE_P(Flavors, ServerTest, EveryFlavor(), FlavorOfTest);

void ExpectError(const grpc::Status& status, grpc::StatusCode code,
                 const std::vector<std::string>& parts) {
  EXPECT_EQ(status.error_code(), code) << status.error_message();
  for (const std::string& part : parts) {
    EXPECT_THAT(status.error_message(), HasSubstr(part));
  }
}

void ExpectInvalid(const grpc::Status& status, const std::vector<std::string>& parts) {
  ExpectError(status, grpc::StatusCode::INVALID_ARGUMENT, parts);
}

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

// ---- Bad input

TEST_P(ServerTest, AKeyOverItsLimitIsRefusedByName) {
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

TEST_P(ServerTest, AnEmptyKeyIsRefused) {
  ExpectInvalid(Put("", ""), {"key: empty"});
  ExpectInvalid(CallRaw("Get", ""), {"key: empty"});
  ExpectInvalid(CallRaw("Delete", ""), {"key: empty"});
  v1::BatchGetRequest batch;
  batch.add_keys("");
  v1::BatchGetResponse results;
  ExpectInvalid(Call(kv_.get(), &Kv::BatchGet, batch, &results), {"keys[0]: empty"});
}

TEST_P(ServerTest, AValueOverItsLimitIsRefusedByName) {
  ExpectInvalid(Put("k", std::string((1 << 20) + 1, 'v')),
                {"value: 1048577 bytes", "limit is 1048576"});
  EXPECT_TRUE(Put("k", std::string(1 << 20, 'v')).ok());
  EXPECT_EQ(Get("k").entry().value().size(), 1u << 20);
}

TEST_P(ServerTest, ABatchOverItsLimitIsRefusedByName) {
  v1::BatchGetRequest request;
  v1::BatchGetResponse response;
  ExpectInvalid(Call(kv_.get(), &Kv::BatchGet, request, &response), {"keys: empty"});
  for (int i = 0; i < 10'000; ++i) request.add_keys("k");
  EXPECT_TRUE(Call(kv_.get(), &Kv::BatchGet, request, &response).ok());
  request.add_keys("k");
  ExpectInvalid(Call(kv_.get(), &Kv::BatchGet, request, &response),
                {"keys: 10001 keys", "limit is 10000"});
}

TEST_P(ServerTest, LimitsAreOptions) {
  options_.limits.max_key_bytes = 5;
  options_.limits.max_value_bytes = 6;
  options_.limits.max_batch_keys = 7;
  Start();
  EXPECT_TRUE(Put("12345", "123456").ok());
  ExpectInvalid(Put("123456", ""), {"key", "limit is 5"});
  ExpectInvalid(Put("1", "1234567"), {"value", "limit is 6"});
  v1::BatchGetRequest request;
  for (int i = 0; i < 8; ++i) request.add_keys("k");
  v1::BatchGetResponse response;
  ExpectInvalid(Call(kv_.get(), &Kv::BatchGet, request, &response), {"limit is 7"});
}

TEST_P(ServerTest, AConsistencyThatIsNotKnownIsRefused) {
  v1::BatchGetRequest batch;
  batch.add_keys("k");
  batch.set_consistency(static_cast<v1::Consistency>(7));
  v1::BatchGetResponse results;
  ExpectInvalid(Call(kv_.get(), &Kv::BatchGet, batch, &results), {"consistency", "7"});
}

TEST_P(ServerTest, AnUnknownTableIsRefusedByName) {
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
  v1::RunLookupsRequest lookups;
  lookups.set_table(name);
  v1::RunLookupsResponse report;
  expect(Call(admin_.get(), &Admin::RunLookups, lookups, &report));
}

TEST_P(ServerTest, MalformedBytesAreRefusedByMessage) {
  const std::string cut_off("\x12\x09k", 3);
  ExpectInvalid(CallRaw("Get", cut_off), {"GetRequest: malformed at byte 1 of 3"});
  ExpectInvalid(CallRaw("BatchGet", cut_off), {"BatchGetRequest: malformed at byte 1"});
  ExpectInvalid(CallRaw("Put", cut_off), {"PutRequest: malformed"});
  ExpectInvalid(CallRaw("Delete", cut_off), {"DeleteRequest: malformed"});
  ExpectInvalid(CallRaw("Scan", cut_off), {"ScanRequest: malformed"});
  ExpectInvalid(CallRaw("Get", "\x0a\x02\xff\xff"), {"not valid UTF-8"});
}

TEST_P(ServerTest, ATokenThatIsNotOfThisScanIsRefused) {
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

TEST_P(ServerTest, AMessageThatIsFarTooLargeIsRefused) {
  v1::PutRequest request;
  request.set_key("k");
  request.set_value(std::string(100 << 20, 'v'));
  v1::PutResponse response;
  ExpectError(Call(kv_.get(), &Kv::Put, request, &response),
              grpc::StatusCode::RESOURCE_EXHAUSTED, {});
}

// ---- What is not there yet

TEST_P(ServerTest, CallsThatAreNotThereYetSaySo) {
  const auto expect = [](const grpc::Status& status, const std::string& name) {
    ExpectError(status, grpc::StatusCode::UNIMPLEMENTED, {name, "yet"});
  };
  v1::TxnResponse txn;
  expect(Call(kv_.get(), &Kv::Txn, v1::TxnRequest(), &txn), "Txn");
  v1::BackupResponse backup;
  expect(Call(admin_.get(), &Admin::Backup, v1::BackupRequest(), &backup), "Backup");
  for (int i = 0; i < 5; ++i) {
    grpc::ClientContext context;
    const auto watch = kv_->Watch(&context, v1::WatchRequest());
    v1::WatchResponse event;
    EXPECT_FALSE(watch->Read(&event));
    expect(watch->Finish(), "Watch");
  }
  v1::PutRequest put;
  put.set_key("k");
  put.set_ttl(1);
  v1::PutResponse put_response;
  expect(Call(kv_.get(), &Kv::Put, put, &put_response), "ttl");
}

// ---- AdminService

TEST_P(ServerTest, GetStatusTellsWhatTheServerIs) {
  ASSERT_TRUE(Put("k", "v").ok());
  const v1::GetStatusResponse status = GetStatus();
  EXPECT_EQ(static_cast<int>(status.flavor()), static_cast<int>(GetParam()));
  EXPECT_EQ(status.membarrier_mode(),
            UsesMembarrier(GetParam()) ? v1::EXPEDITED : v1::MEMBARRIER_MODE_UNSPECIFIED);
  EXPECT_EQ(status.reclaim_mode(), v1::CALL_RCU);
  EXPECT_EQ(status.read_section(), v1::SECTION_PER_BATCH);
  EXPECT_EQ(status.revision(), 1u);
  EXPECT_EQ(status.threads(), 2u);
  EXPECT_EQ(status.store(), "memory");
  EXPECT_EQ(status.pid(), getpid());
  EXPECT_THAT(status.version(), HasSubstr("."));
  EXPECT_GT(status.uptime_seconds(), 0);
  EXPECT_GT(status.process_cpu_seconds(), 0);
  ASSERT_THAT(status.tables(), SizeIs(1));
  EXPECT_EQ(status.tables(0).name(), "default");
  EXPECT_EQ(status.tables(0).entries(), 1u);
}

TEST_P(ServerTest, GetStatusTellsHowLongGracePeriodsTook) {
  v1::UpdateReclamationRequest synchronize;
  synchronize.set_reclaim_mode(v1::SYNCHRONIZE);
  v1::UpdateReclamationResponse before;
  ASSERT_TRUE(Call(admin_.get(), &Admin::UpdateReclamation, synchronize, &before).ok());
  ASSERT_TRUE(Put("k", "v").ok());
  ASSERT_TRUE(Put("k", "w").ok());

  const v1::GracePeriods periods = GetStatus().grace_periods();
  ASSERT_GT(periods.latency_size(), 1);
  uint64_t count = 0;
  uint64_t bound_ns = 0;
  for (int i = 0; i + 1 < periods.latency_size(); ++i) {
    EXPECT_GT(periods.latency(i).upper_bound_ns(), bound_ns);
    bound_ns = periods.latency(i).upper_bound_ns();
    count += periods.latency(i).count();
  }
  const v1::LatencyBucket& last = periods.latency(periods.latency_size() - 1);
  EXPECT_EQ(last.upper_bound_ns(), 0u);
  EXPECT_EQ(count + last.count(), periods.completed());
  EXPECT_EQ(periods.completed() > 0, HasGracePeriods(GetParam()));
  EXPECT_EQ(periods.latency_sum_ns() > 0, HasGracePeriods(GetParam()));
}

TEST_P(ServerTest, GetStatusCountsMembarriersAndTellsTheBudget) {
  options_.reclaim = ReclaimMode::kSynchronize;
  options_.expedited_budget = 77;
  Start();
  const v1::Membarrier before = GetStatus().membarrier();
  EXPECT_EQ(before.expedited_budget(), 77u);
  ASSERT_TRUE(Put("k", "v").ok());
  ASSERT_TRUE(Put("k", "w").ok());
  EXPECT_EQ(GetStatus().membarrier().expedited_calls() > before.expedited_calls(),
            UsesMembarrier(GetParam()));
}

// The reader's table is not the server's, but the domain of a flavor is the process's.
TEST_P(ServerTest, AReaderThatHoldsAGracePeriodUpIsNamed) {
  if (!HasGracePeriods(GetParam())) GTEST_SKIP() << "a lock has no grace periods";
  options_.holdout_limit = std::chrono::milliseconds(1);
  options_.reclaim = ReclaimMode::kSynchronize;
  Start();
  ASSERT_TRUE(Put("k", "v").ok());
  const auto protection = Protection::Create(GetParam()).value();
  const uint64_t before = protection->Stats().holdouts;
  std::latch inside(1);
  std::thread reader([&] {
    pthread_setname_np(pthread_self(), "slow-reader");
    protection->NewTable("mine")->LookupOne("k", [&](const rcu::Entry*) {
      inside.count_down();
      while (protection->Stats().holdouts == before) std::this_thread::yield();
    });
  });
  inside.wait();
  EXPECT_TRUE(Put("k", "w").ok());
  reader.join();
  protection->SetHoldoutLimit(std::chrono::hours(1));

  const v1::GracePeriods periods = GetStatus().grace_periods();
  EXPECT_EQ(periods.holdouts(), before + 1);
  EXPECT_GE(periods.last_holdout().waited_ns(), 1'000'000u);
  if (GetParam() != Flavor::kRseq) {  // It does not know its readers.
    EXPECT_EQ(periods.last_holdout().thread_name(), "slow-reader");
    EXPECT_GT(periods.last_holdout().tid(), 0);
  }
}

TEST_P(ServerTest, CallsAreCounted) {
  for (int i = 0; i < 10; ++i) Get("k");
  // A call is counted when its answer has gone out, which the client may see first.
  while (GetStatus().calls() < 10) {
  }
  EXPECT_EQ(GetStatus().calls(), 10u);
}

TEST_P(ServerTest, TablesAreCreatedListedAndDeleted) {
  v1::CreateTableRequest create;
  create.set_name("routes");
  v1::CreateTableResponse created;
  ASSERT_TRUE(Call(admin_.get(), &Admin::CreateTable, create, &created).ok());
  ExpectError(Call(admin_.get(), &Admin::CreateTable, create, &created),
              grpc::StatusCode::ALREADY_EXISTS, {"routes"});
  ASSERT_TRUE(Put("k", "v", {}, "routes").ok());
  EXPECT_FALSE(Get("k").has_entry());

  v1::ListTablesResponse list;
  ASSERT_TRUE(
      Call(admin_.get(), &Admin::ListTables, v1::ListTablesRequest(), &list).ok());
  ASSERT_THAT(list.tables(), SizeIs(2));
  EXPECT_EQ(list.tables(1).name(), "routes");
  EXPECT_EQ(list.tables(1).entries(), 1u);

  v1::DeleteTableRequest remove;
  remove.set_name("routes");
  v1::DeleteTableResponse removed;
  ASSERT_TRUE(Call(admin_.get(), &Admin::DeleteTable, remove, &removed).ok());
  EXPECT_EQ(removed.entries(), 1u);
  ExpectError(Put("k", "v", {}, "routes"), grpc::StatusCode::NOT_FOUND, {"routes"});
  ExpectError(Call(admin_.get(), &Admin::DeleteTable, remove, &removed),
              grpc::StatusCode::NOT_FOUND, {"routes"});
  remove.set_name("default");
  ExpectError(Call(admin_.get(), &Admin::DeleteTable, remove, &removed),
              grpc::StatusCode::FAILED_PRECONDITION, {"default"});
  create.set_name("no blanks");
  ExpectInvalid(Call(admin_.get(), &Admin::CreateTable, create, &created), {"no blanks"});
}

TEST_P(ServerTest, UpdateReclamationAnswersWhatWasBefore) {
  v1::UpdateReclamationRequest request;
  request.set_reclaim_mode(v1::SYNCHRONIZE);
  v1::UpdateReclamationResponse before;
  ASSERT_TRUE(Call(admin_.get(), &Admin::UpdateReclamation, request, &before).ok());
  EXPECT_EQ(before.previous_reclaim_mode(), v1::CALL_RCU);
  EXPECT_EQ(GetStatus().reclaim_mode(), v1::SYNCHRONIZE);
  ASSERT_TRUE(Put("k", "v").ok());
  ASSERT_TRUE(Put("k", "w").ok());

  request.Clear();
  v1::MembarrierMode previous = v1::EXPEDITED;
  for (v1::MembarrierMode mode :
       {v1::NON_EXPEDITED, v1::GLOBAL_EXPEDITED, v1::ADAPTIVE, v1::EXPEDITED}) {
    request.set_membarrier_mode(mode);
    const grpc::Status status =
        Call(admin_.get(), &Admin::UpdateReclamation, request, &before);
    if (UsesMembarrier(GetParam())) {
      ASSERT_TRUE(status.ok()) << status.error_message();
      EXPECT_EQ(before.previous_membarrier_mode(), previous);
      EXPECT_EQ(before.previous_reclaim_mode(), v1::SYNCHRONIZE);
      EXPECT_EQ(GetStatus().membarrier_mode(), mode);
      previous = mode;
    } else {
      ExpectError(status, grpc::StatusCode::FAILED_PRECONDITION,
                  {std::string(FlavorName(GetParam()))});
    }
  }
  request.set_membarrier_mode(static_cast<v1::MembarrierMode>(77));
  ExpectInvalid(Call(admin_.get(), &Admin::UpdateReclamation, request, &before),
                {"membarrier_mode", "77"});
  request.Clear();
  request.set_reclaim_mode(static_cast<v1::ReclaimMode>(78));
  ExpectInvalid(Call(admin_.get(), &Admin::UpdateReclamation, request, &before),
                {"reclaim_mode", "78"});
}

TEST_P(ServerTest, RunLookupsReportsReads) {
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(Put(absl::StrCat("k", i), "v").ok());
  v1::RunLookupsRequest request;
  request.set_threads(1);
  request.set_duration_ms(20);
  v1::RunLookupsResponse report;
  ASSERT_TRUE(Call(admin_.get(), &Admin::RunLookups, request, &report).ok());
  EXPECT_GT(report.lookups(), 0u);
  EXPECT_EQ(report.hits(), report.lookups());
  EXPECT_GT(report.reads_per_second(), 0);
  EXPECT_GT(report.reader_ns_per_read(), 0);
  EXPECT_GT(report.seconds(), 0.02);
}

TEST_P(ServerTest, RunLookupsRefusesWhatIsOverItsLimits) {
  const auto expect = [&](auto set, uint32_t value, const std::string& field) {
    v1::RunLookupsRequest request;
    (request.*set)(value);
    v1::RunLookupsResponse report;
    ExpectInvalid(Call(admin_.get(), &Admin::RunLookups, request, &report),
                  {field, absl::StrCat(value), absl::StrCat("limit is ", value - 1)});
  };
  expect(&v1::RunLookupsRequest::set_threads, 65, "threads");
  expect(&v1::RunLookupsRequest::set_duration_ms, 60'001, "duration_ms");
  expect(&v1::RunLookupsRequest::set_batch_size, 10'001, "batch_size");
  expect(&v1::RunLookupsRequest::set_sections_per_key, 1'001, "sections_per_key");
  expect(&v1::RunLookupsRequest::set_distinct_keys, 1'000'001, "distinct_keys");
}

TEST_P(ServerTest, ShutdownEndsRunLookupsEarly) {
  ASSERT_TRUE(Put("k", "v").ok());
  const auto start = std::chrono::steady_clock::now();
  std::thread client([&] {
    v1::RunLookupsRequest request;
    request.set_duration_ms(60'000);
    v1::RunLookupsResponse report;
    grpc::Status status;
    do {  // The one below may be under way.
      status = Call(admin_.get(), &Admin::RunLookups, request, &report);
    } while (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
  });
  // Until a second one is refused, the first has not begun.
  v1::RunLookupsRequest request;
  request.set_duration_ms(1);
  v1::RunLookupsResponse report;
  grpc::Status status;
  do {
    status = Call(admin_.get(), &Admin::RunLookups, request, &report);
  } while (status.ok());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  server_->Shutdown(kPatience);
  client.join();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
  server_.reset();
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
  server_->Shutdown(kPatience);
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
