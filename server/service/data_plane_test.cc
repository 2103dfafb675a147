#include "server/service/data_plane.h"

#include <gmock/gmock.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "proto/grpc/health/v1/health.grpc.pb.h"
#include "proto/rcukv/v1/kv.grpc.pb.h"
#include "rcu/entry.h"
#include "server/service/health.h"
#include "server/store/store.h"
#include "server/store/transaction.h"
#include "server/table/protection.h"
#include "server/table/table_directory.h"

namespace rcukv {
namespace {

using ::testing::AnyOf;
using ::testing::Each;
using ::testing::Gt;
using ::testing::HasSubstr;
using HealthStub = grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

// Long enough for a slow machine; a test that works never waits for it.
constexpr std::chrono::seconds kPatience{60};

std::chrono::system_clock::time_point Soon() {
  return std::chrono::system_clock::now() + kPatience;
}

// Holds every write until it is told to answer.
class HoldingStore final : public Store {
 public:
  std::string_view name() const override { return "holding"; }
  void Submit(Write write) override {
    Hold([done = std::move(write.done)] { done(WriteResult{.revision = 8}); });
  }
  void SubmitTransaction(Transaction transaction) override {
    Hold([done = std::move(transaction.done)] {
      done(Transaction::Result{.revision = 8, .succeeded = true});
    });
  }
  absl::Status CreateTable(std::string_view) override { return absl::OkStatus(); }
  absl::StatusOr<uint64_t> DeleteTable(std::string_view) override { return 0; }
  uint64_t revision() const override { return 7; }
  ReclaimMode reclaim_mode() const override { return ReclaimMode::kCallRcu; }
  ReclaimMode SetReclaimMode(ReclaimMode mode) override { return mode; }
  std::string failure() const override { return ""; }
  absl::Status Stop() override { return absl::OkStatus(); }

  void WaitForWrites(size_t count) {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(
        changed_.wait_for(lock, kPatience, [&] { return held_.size() >= count; }));
  }
  void AnswerAll() {
    std::vector<std::function<void()>> held;
    {
      std::lock_guard lock(mutex_);
      held.swap(held_);
    }
    for (const std::function<void()>& answer : held) answer();
  }

 private:
  void Hold(std::function<void()> answer) {
    std::lock_guard lock(mutex_);
    held_.push_back(std::move(answer));
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::function<void()>> held_;
};

// A Watch of the health of a service.
class HealthWatch {
 public:
  HealthWatch(HealthStub::Stub* stub, const std::string& service) {
    context_.set_deadline(Soon());
    HealthCheckRequest request;
    request.set_service(service);
    reader_ = stub->Watch(&context_, request);
  }

  // What it says next; empty where it has ended.
  std::string Next() {
    HealthCheckResponse response;
    if (!reader_->Read(&response)) return "";
    return HealthCheckResponse::ServingStatus_Name(response.status());
  }

  void Cancel() { context_.TryCancel(); }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<HealthCheckResponse>> reader_;
};

class DataPlaneTest : public ::testing::Test {
 protected:
  DataPlaneTest()
      : protection_(Protection::Create(Flavor::kMb).value()), directory_(*protection_) {
    context_ = {.limits = {},
                .read_section = ReadSection::kPerBatch,
                .health = &health_,
                .tokens = &tokens_,
                .directory = &directory_,
                .store = &store_};
  }

  void Start(int threads = 2) {
    absl::StatusOr<std::unique_ptr<DataPlane>> plane =
        DataPlane::Start({.listen = "127.0.0.1:0", .threads = threads}, context_);
    ASSERT_TRUE(plane.ok()) << plane.status();
    plane_ = *std::move(plane);
    stub_ = NewStub();
    health_stub_ = HealthStub::NewStub(NewChannel());
  }

  // A connection of its own.
  std::shared_ptr<grpc::Channel> NewChannel() {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetMaxReceiveMessageSize(-1);
    return grpc::CreateCustomChannel(plane_->address(),
                                     grpc::InsecureChannelCredentials(), arguments);
  }

  std::unique_ptr<v1::KeyValueService::Stub> NewStub() {
    return v1::KeyValueService::NewStub(NewChannel());
  }

  // Watches of the health that their client leaves, some of them at once.
  void LeaveHealthWatches(int count) {
    for (int i = 0; i < count; ++i) {
      HealthWatch watch(health_stub_.get(), "");
      if (i % 2 == 0) {
        EXPECT_EQ(watch.Next(), "SERVING");
      }
      watch.Cancel();
    }
  }

  // What Check answers; the message where that is an error.
  std::string CheckHealth(const std::string& service) {
    grpc::ClientContext context;
    context.set_deadline(Soon());
    HealthCheckRequest request;
    request.set_service(service);
    HealthCheckResponse response;
    const grpc::Status status = health_stub_->Check(&context, request, &response);
    if (!status.ok()) return status.error_message();
    return HealthCheckResponse::ServingStatus_Name(response.status());
  }

  void Insert(const std::string& key, const std::string& value) {
    const std::shared_ptr<Table> table = directory_.FindShared("");
    ASSERT_EQ(table->Upsert(rcu::Entry::New(key, value, {1, 1})), nullptr);
  }

  grpc::Status Get(v1::KeyValueService::Stub* stub, const std::string& key) {
    grpc::ClientContext context;
    context.set_deadline(Soon());
    v1::GetRequest request;
    request.set_key(key);
    v1::GetResponse response;
    return stub->Get(&context, request, &response);
  }

  grpc::Status Put(const std::string& key) {
    grpc::ClientContext context;
    context.set_deadline(Soon());
    v1::PutRequest request;
    request.set_key(key);
    v1::PutResponse response;
    return stub_->Put(&context, request, &response);
  }

  grpc::Status Txn(const std::string& key) {
    grpc::ClientContext context;
    context.set_deadline(Soon());
    v1::TxnRequest request;
    request.add_success()->mutable_put()->set_key(key);
    v1::TxnResponse response;
    return stub_->Txn(&context, request, &response);
  }

  grpc::Status BatchWrite(int writes) {
    grpc::ClientContext context;
    context.set_deadline(Soon());
    v1::BatchWriteRequest request;
    for (int i = 0; i < writes; ++i) {
      request.add_writes()->mutable_put()->set_key(std::to_string(i));
    }
    v1::BatchWriteResponse response;
    const grpc::Status status = stub_->BatchWrite(&context, request, &response);
    EXPECT_EQ(response.results_size(), status.ok() ? writes : 0);
    return status;
  }

  Health health_{v1::KeyValueService::service_full_name()};
  const PageTokens tokens_;
  const std::unique_ptr<Protection> protection_;
  TableDirectory directory_;
  HoldingStore store_;
  DataPlaneContext context_;
  std::unique_ptr<DataPlane> plane_;
  std::unique_ptr<v1::KeyValueService::Stub> stub_;
  std::unique_ptr<HealthStub::Stub> health_stub_;
};

TEST_F(DataPlaneTest, CallsInFlightAreAnsweredWhileNewOnesAreRefused) {
  Start();
  std::future<grpc::Status> put =
      std::async(std::launch::async, [&] { return Put("k"); });
  store_.WaitForWrites(1);
  std::future<void> drained =
      std::async(std::launch::async, [&] { plane_->Drain(Soon()); });
  // Calls come to be refused; how soon, is up to the serving threads.
  grpc::Status status;
  do {
    status = Get(stub_.get(), "k");
  } while (status.ok());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(status.error_message(), HasSubstr("shutting down"));
  EXPECT_EQ(drained.wait_for(std::chrono::seconds(0)), std::future_status::timeout);

  store_.AnswerAll();
  drained.get();
  plane_->Shutdown(Soon());
  EXPECT_TRUE(put.get().ok());
}

TEST_F(DataPlaneTest, ATransactionInFlightIsAnsweredWhileNewOnesAreRefused) {
  Start(/*threads=*/1);
  std::future<grpc::Status> txn =
      std::async(std::launch::async, [&] { return Txn("k"); });
  store_.WaitForWrites(1);
  std::future<void> drained =
      std::async(std::launch::async, [&] { plane_->Drain(Soon()); });
  grpc::Status status;
  do {
    status = Get(stub_.get(), "k");
  } while (status.ok());
  EXPECT_EQ(Txn("k").error_code(), grpc::StatusCode::UNAVAILABLE);
  store_.AnswerAll();
  drained.get();
  plane_->Shutdown(Soon());
  EXPECT_TRUE(txn.get().ok());
}

TEST_F(DataPlaneTest, ATransactionThatIsNotAnsweredInTimeEndsWithAnError) {
  Start();
  std::future<grpc::Status> txn =
      std::async(std::launch::async, [&] { return Txn("k"); });
  store_.WaitForWrites(1);
  plane_->Drain(std::chrono::system_clock::now());
  std::future<void> shut_down = std::async(
      std::launch::async, [&] { plane_->Shutdown(std::chrono::system_clock::now()); });
  const grpc::Status status = txn.get();
  // Nothing is said of whether it happened.
  EXPECT_THAT(status.error_code(),
              AnyOf(grpc::StatusCode::UNAVAILABLE, grpc::StatusCode::CANCELLED))
      << status.error_message();
  store_.AnswerAll();
  shut_down.get();
}

TEST_F(DataPlaneTest, ABatchOfWritesInFlightIsAnsweredWhileNewOnesAreRefused) {
  Start(/*threads=*/1);
  std::future<grpc::Status> batch =
      std::async(std::launch::async, [&] { return BatchWrite(3); });
  store_.WaitForWrites(3);
  std::future<void> drained =
      std::async(std::launch::async, [&] { plane_->Drain(Soon()); });
  grpc::Status status;
  do {
    status = Get(stub_.get(), "k");
  } while (status.ok());
  EXPECT_EQ(BatchWrite(3).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(drained.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  store_.AnswerAll();
  drained.get();
  plane_->Shutdown(Soon());
  EXPECT_TRUE(batch.get().ok());
}

TEST_F(DataPlaneTest, DrainGivesUpAtItsDeadline) {
  Start();
  std::future<grpc::Status> put =
      std::async(std::launch::async, [&] { return Put("k"); });
  store_.WaitForWrites(1);
  plane_->Drain(std::chrono::system_clock::now());
  std::future<void> shut_down = std::async(
      std::launch::async, [&] { plane_->Shutdown(std::chrono::system_clock::now()); });
  EXPECT_FALSE(put.get().ok());
  store_.AnswerAll();
  shut_down.get();
}

// More requests than the server holds, and the end, before an answer is read.
TEST_F(DataPlaneTest, RequestsThatAreSentAheadOnAStreamAreAllAnsweredInOrder) {
  Start();
  constexpr int kRequests = 500;
  for (int i = 0; i < kRequests; ++i) Insert(absl::StrCat("k", i), absl::StrCat("v", i));
  grpc::ClientContext context;
  context.set_deadline(Soon());
  const auto stream = stub_->StreamBatchGet(&context);
  for (int i = 0; i < kRequests; ++i) {
    v1::BatchGetRequest request;
    request.add_keys(absl::StrCat("k", i));
    ASSERT_TRUE(stream->Write(request));
  }
  ASSERT_TRUE(stream->WritesDone());
  v1::BatchGetResponse response;
  for (int i = 0; i < kRequests; ++i) {
    ASSERT_TRUE(stream->Read(&response));
    ASSERT_EQ(response.results(0).value(), absl::StrCat("v", i));
  }
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(DataPlaneTest, OpenStreamsAreEndedByDrain) {
  Start();
  Insert("k", "v");
  grpc::ClientContext context;
  context.set_deadline(Soon());
  const auto stream = stub_->StreamBatchGet(&context);
  v1::BatchGetRequest request;
  request.add_keys("k");
  v1::BatchGetResponse response;
  ASSERT_TRUE(stream->Write(request));
  ASSERT_TRUE(stream->Read(&response));
  plane_->Drain(Soon());
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  plane_->Shutdown(Soon());
}

TEST_F(DataPlaneTest, HealthIsThatOfTheServiceAndOfTheServerAsAWhole) {
  Start();
  EXPECT_EQ(CheckHealth(""), "SERVING");
  EXPECT_EQ(CheckHealth("rcukv.v1.KeyValueService"), "SERVING");
  EXPECT_THAT(CheckHealth("rcukv.v1.Nothing"),
              HasSubstr("\"rcukv.v1.Nothing\" is not here"));
}

TEST_F(DataPlaneTest, HealthIsToldWhileOtherCallsAreRefused) {
  Start();
  health_.StopServing();
  plane_->Drain(Soon());
  EXPECT_EQ(Get(stub_.get(), "k").error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(CheckHealth(""), "NOT_SERVING");
  EXPECT_EQ(HealthWatch(health_stub_.get(), "").Next(), "NOT_SERVING");
}

TEST_F(DataPlaneTest, AWatchOfTheHealthSaysWhenItChangesAndEndsWithTheServer) {
  Start();
  HealthWatch whole(health_stub_.get(), "");
  HealthWatch service(health_stub_.get(), "rcukv.v1.KeyValueService");
  HealthWatch unknown(health_stub_.get(), "rcukv.v1.Nothing");
  EXPECT_EQ(whole.Next(), "SERVING");
  EXPECT_EQ(service.Next(), "SERVING");
  EXPECT_EQ(unknown.Next(), "SERVICE_UNKNOWN");
  health_.StopServing();
  // Watches are open, and it does not wait for them.
  plane_->Drain(std::chrono::system_clock::time_point::max());
  EXPECT_EQ(whole.Next(), "NOT_SERVING");
  EXPECT_EQ(service.Next(), "NOT_SERVING");
  plane_->Shutdown(std::chrono::system_clock::now());
  EXPECT_EQ(whole.Next(), "");
  EXPECT_EQ(service.Next(), "");
  EXPECT_EQ(unknown.Next(), "");
}

TEST_F(DataPlaneTest, ConnectionsAreSpreadOverTheThreads) {
  Start(/*threads=*/2);
  std::vector<std::unique_ptr<v1::KeyValueService::Stub>> stubs;
  for (int i = 0; i < 8; ++i) {
    stubs.push_back(NewStub());
    for (int call = 0; call < 50; ++call) {
      ASSERT_TRUE(Get(stubs.back().get(), "k").ok());
    }
  }
  // Connections are dealt out in turn: each thread has four of the eight.
  EXPECT_THAT(plane_->answered_calls_by_thread(), Each(Gt(50u)));
}

TEST_F(DataPlaneTest, AnAddressInUseIsAnErrorThatNamesIt) {
  Start();
  const absl::StatusOr<std::unique_ptr<DataPlane>> second =
      DataPlane::Start({.listen = plane_->address(), .threads = 1}, context_);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  const std::string message(second.status().message());
  EXPECT_THAT(message, HasSubstr("cannot listen on " + plane_->address()));
  EXPECT_THAT(message, HasSubstr("in use"));
  EXPECT_THAT(message, HasSubstr("choose another with --listen"));
  EXPECT_TRUE(Get(stub_.get(), "k").ok());
}

TEST_F(DataPlaneTest, AnAnswerOverItsLimitIsRefusedWithItsSize) {
  context_.limits.max_response_bytes = 1000;
  Start();
  Insert("k", std::string(300, 'v'));
  v1::BatchGetRequest request;
  for (int i = 0; i < 3; ++i) request.add_keys("k");
  v1::BatchGetResponse response;
  grpc::ClientContext three;
  EXPECT_TRUE(stub_->BatchGet(&three, request, &response).ok());
  for (int i = 0; i < 7; ++i) request.add_keys("k");
  grpc::ClientContext ten;
  const grpc::Status status = stub_->BatchGet(&ten, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  // 10 results of 300 bytes, 2 + 3 + 2 around each and 3 around all that.
  EXPECT_THAT(status.error_message(),
              HasSubstr("keys: 3100 bytes in the response, the limit is 1000"));
}

TEST_F(DataPlaneTest, AReplacedLargeValueIsFreedWhenItsLastResponseIsSent) {
  Start();
  // More than what goes out while the client does not read.
  constexpr int kKeys = 32;
  const auto value = [](int i) { return std::string(1 << 20, static_cast<char>(i)); };
  Insert("k", value(0));
  grpc::ClientContext context;
  context.set_deadline(Soon());
  const auto stream = stub_->StreamBatchGet(&context);
  v1::BatchGetRequest request;
  for (int i = 0; i < kKeys; ++i) request.add_keys("k");
  ASSERT_TRUE(stream->Write(request));
  // Until one is replaced that the response refers to.
  for (int i = 1; rcu::Entry::kept_bytes() == 0; ++i) {
    const rcu::Entry* replaced =
        directory_.FindShared("")->Upsert(rcu::Entry::New("k", value(i)));
    protection_->Reclaim({&replaced, 1}, ReclaimMode::kSynchronize);
  }
  v1::BatchGetResponse response;
  ASSERT_TRUE(stream->Read(&response));
  ASSERT_EQ(response.results_size(), kKeys);
  for (const auto& result : response.results()) {
    ASSERT_EQ(result.value(), value(result.value()[0]));
  }
  while (rcu::Entry::kept_bytes() != 0) std::this_thread::yield();
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

// Calls of every kind that their client gives up at once.
class CallStorm {
 public:
  explicit CallStorm(v1::KeyValueService::Stub* stub) : stub_(stub) {}

  void Run(int rounds) {
    for (int i = 0; i < rounds; ++i) {
      Unary(&v1::KeyValueService::Stub::PrepareAsyncGet, v1::GetRequest(), i);
      Unary(&v1::KeyValueService::Stub::PrepareAsyncPut, Keyed<v1::PutRequest>(), i);
      Unary(&v1::KeyValueService::Stub::PrepareAsyncBatchWrite, TwoWrites(), i);
      Unary(&v1::KeyValueService::Stub::PrepareAsyncTxn, v1::TxnRequest(), i);
      Unary(&v1::KeyValueService::Stub::PrepareAsyncScan, v1::ScanRequest(), i);
      Stream(i);
    }
  }

 private:
  static v1::BatchWriteRequest TwoWrites() {
    v1::BatchWriteRequest request;
    request.add_writes()->mutable_put()->set_key("k");
    request.add_writes()->mutable_delete_()->set_key("k");
    return request;
  }

  template <typename Request>
  static Request Keyed() {
    Request request;
    request.set_key("k");
    return request;
  }

  template <typename Response, typename Request>
  void Unary(std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> (
                 v1::KeyValueService::Stub::*prepare)(grpc::ClientContext*,
                                                      const Request&,
                                                      grpc::CompletionQueue*),
             const Request& request, int round) {
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    Response response;
    grpc::Status status;
    const auto call = (stub_->*prepare)(&context, request, &queue);
    call->StartCall();
    call->Finish(&response, &status, &queue);
    // Now and then the cancellation overtakes the request, and now and then it does not.
    if (round % 3 != 0) std::this_thread::yield();
    context.TryCancel();
    void* tag;
    bool ok;
    ASSERT_TRUE(queue.Next(&tag, &ok));
  }

  void Stream(int round) {
    grpc::ClientContext context;
    const auto stream = stub_->StreamBatchGet(&context);
    v1::BatchGetRequest request;
    request.add_keys("k");
    v1::BatchGetResponse response;
    if (round % 2 == 0) stream->Write(request);
    if (round % 4 == 0) stream->Read(&response);
    context.TryCancel();
    stream->Finish();
  }

  v1::KeyValueService::Stub* const stub_;
};

TEST_F(DataPlaneTest, CancelledCallsLeaveNothingBehind) {
  Start();
  constexpr int kRounds = 300;
  std::vector<std::thread> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back([&] {
      const auto stub = NewStub();
      CallStorm(stub.get()).Run(kRounds);
      LeaveHealthWatches(kRounds);
      store_.AnswerAll();
    });
  }
  for (std::thread& client : clients) client.join();
  // Puts that the client gave up may still be on their way to the store, or held there:
  // the drain ends when all of them are answered.
  std::future<void> drained =
      std::async(std::launch::async, [&] { plane_->Drain(Soon()); });
  while (drained.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
    store_.AnswerAll();
  }
  drained.get();
  plane_->Shutdown(Soon());
}

TEST_F(DataPlaneTest, MorePutsThanSlotsAreAllAnswered) {
  Start(/*threads=*/1);
  constexpr int kPuts = 600;
  grpc::CompletionQueue queue;
  struct Call {
    grpc::ClientContext context;
    v1::PutResponse response;
    grpc::Status status;
    std::unique_ptr<grpc::ClientAsyncResponseReader<v1::PutResponse>> reader;
  };
  std::vector<std::unique_ptr<Call>> calls;
  v1::PutRequest request;
  request.set_key("k");
  for (int i = 0; i < kPuts; ++i) {
    calls.push_back(std::make_unique<Call>());
    Call& call = *calls.back();
    call.context.set_deadline(Soon());
    call.reader = stub_->AsyncPut(&call.context, request, &queue);
    call.reader->Finish(&call.response, &call.status, &call);
  }
  for (int answered = 0; answered < kPuts;) {
    store_.AnswerAll();
    void* tag;
    bool ok;
    const auto soon = std::chrono::system_clock::now() + std::chrono::milliseconds(1);
    if (queue.AsyncNext(&tag, &ok, soon) != grpc::CompletionQueue::GOT_EVENT) continue;
    ++answered;
    EXPECT_TRUE(static_cast<Call*>(tag)->status.ok());
  }
}

}  // namespace
}  // namespace rcukv
