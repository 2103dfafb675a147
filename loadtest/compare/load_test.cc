// The two halves of the load, against a server in this process that can be made to lie.
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "absl/strings/str_format.h"
#include "absl/synchronization/notification.h"
#include "clients/cpp/client.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/compare/batch_get_load.h"
#include "loadtest/compare/case_names.h"
#include "loadtest/compare/dataset.h"
#include "loadtest/compare/paced_writer.h"
#include "loadtest/compare/write_clock.h"
#include "proto/rcukv/v1/kv.grpc.pb.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// Holds entries as a server does, and passes each BatchGet's answer to `change`.
class FakeServer : public v1::KeyValueService::Service {
 public:
  FakeServer() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }

  std::string address() const { return absl::StrFormat("127.0.0.1:%d", port_); }

  grpc::Status BatchGet(grpc::ServerContext*, const v1::BatchGetRequest* request,
                        v1::BatchGetResponse* response) override {
    const std::lock_guard lock(mutex_);
    for (const std::string& key : request->keys()) {
      v1::BatchGetResponse::Result& result = *response->add_results();
      const auto found = entries_.find(key);
      result.set_found(found != entries_.end());
      if (result.found()) result.set_value(found->second);
    }
    return change_(*response);
  }

  grpc::Status StreamBatchGet(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<v1::BatchGetResponse, v1::BatchGetRequest>* stream)
      override {
    v1::BatchGetRequest request;
    while (stream->Read(&request)) {
      v1::BatchGetResponse response;
      const grpc::Status status = BatchGet(context, &request, &response);
      if (!status.ok()) return status;
      if (!stream->Write(response) || ends_streams_) break;
    }
    return grpc::Status::OK;
  }

  grpc::Status Put(grpc::ServerContext*, const v1::PutRequest* request,
                   v1::PutResponse*) override {
    const std::lock_guard lock(mutex_);
    if (!accepts_writes_) return {grpc::StatusCode::RESOURCE_EXHAUSTED, "full"};
    entries_[request->key()] = request->value();
    if (++puts_ == kManyPuts) many_puts_.Notify();
    return grpc::Status::OK;
  }

  void Fill(const Dataset& dataset) {
    const std::lock_guard lock(mutex_);
    for (size_t i = 0; i < dataset.size(); ++i) {
      entries_[dataset.key(i)] = dataset.Value(i, 0);
    }
  }

  void Change(std::function<grpc::Status(v1::BatchGetResponse&)> change) {
    const std::lock_guard lock(mutex_);
    change_ = std::move(change);
  }

  // Each after its first message.
  void EndStreams() { ends_streams_ = true; }

  void RefuseWrites() {
    const std::lock_guard lock(mutex_);
    accepts_writes_ = false;
  }

  uint64_t puts() {
    const std::lock_guard lock(mutex_);
    return puts_;
  }

  void WaitForManyPuts() { many_puts_.WaitForNotification(); }

 private:
  static constexpr uint64_t kManyPuts = 50;

  int port_ = 0;
  std::mutex mutex_;
  std::map<std::string, std::string> entries_;
  std::function<grpc::Status(v1::BatchGetResponse&)> change_ = [](auto&) {
    return grpc::Status::OK;
  };
  bool accepts_writes_ = true;
  std::atomic<bool> ends_streams_ = false;
  uint64_t puts_ = 0;
  absl::Notification many_puts_;
  // Last: its threads use what is above.
  std::unique_ptr<grpc::Server> server_;
};

class LoadTest : public testing::Test {
 protected:
  LoadTest() { server_.Fill(dataset_); }

  absl::StatusOr<BatchGetResult> RunBatchGets(Rpc rpc = Rpc::kBatchGet) {
    auto load = BatchGetLoad::Connect(
        server_.address(),
        {.connections = 2, .calls_in_flight = 2, .rpc = rpc, .batch_keys = 10, .seed = 1},
        dataset_, writes_);
    if (!load.ok()) return load.status();
    // A warm-up; what is measured goes on with the same connections and streams.
    const absl::StatusOr<BatchGetResult> first = (*load)->Run(absl::Milliseconds(10));
    return first.ok() ? (*load)->Run(absl::Milliseconds(100)) : first;
  }

  std::unique_ptr<Client> Connect() {
    auto client = Client::Connect(server_.address());
    EXPECT_TRUE(client.ok()) << client.status();
    return *std::move(client);
  }

  const Dataset dataset_{1, 100, 40};
  WriteClock writes_;
  FakeServer server_;
};

// Both ways to send a batch.
class BatchGetLoadTest : public LoadTest, public testing::WithParamInterface<Rpc> {};
INSTANTIATE_TEST_SUITE_P(Rpcs, BatchGetLoadTest,
                         testing::Values(Rpc::kBatchGet, Rpc::kStreamBatchGet),
                         [](const auto& rpc) { return NameOf(rpc.param); });

TEST_P(BatchGetLoadTest, RightAnswersAreCountedWithTheirLatencies) {
  const auto result = RunBatchGets(GetParam());
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_GE(result->calls, 4u);
  EXPECT_EQ(result->reads, result->calls * 10);
  EXPECT_EQ(result->latency_ns.count(), result->calls);
  EXPECT_GE(result->seconds, 0.1);
  EXPECT_GT(result->cpu_seconds, 0);
  EXPECT_LE(result->busy(), 1);
  EXPECT_EQ(result->wrong, 0u) << result->first_wrong;
}

TEST_P(BatchGetLoadTest, AValueOfAnotherKeyIsWrong) {
  server_.Change([&](v1::BatchGetResponse& response) {
    response.mutable_results(3)->set_value(dataset_.Value(1, 1'000'000));
    return grpc::Status::OK;
  });
  const auto result = RunBatchGets(GetParam());
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->wrong, result->calls);
  EXPECT_THAT(result->first_wrong, HasSubstr("not a value of this key: 40 bytes"));
}

TEST_P(BatchGetLoadTest, AnEntryThatIsNotFoundIsWrong) {
  server_.Change([](v1::BatchGetResponse& response) {
    response.mutable_results(9)->set_found(false);
    return grpc::Status::OK;
  });
  const auto result = RunBatchGets(GetParam());
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->wrong, result->calls);
  EXPECT_THAT(result->first_wrong, HasSubstr("not found"));
}

TEST_P(BatchGetLoadTest, MissingResultsAreWrong) {
  server_.Change([](v1::BatchGetResponse& response) {
    response.mutable_results()->RemoveLast();
    return grpc::Status::OK;
  });
  const auto result = RunBatchGets(GetParam());
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->wrong, result->calls);
  EXPECT_THAT(result->first_wrong, HasSubstr("9 results for 10 keys"));
}

TEST_P(BatchGetLoadTest, ResultsThatNobodyAskedForAreWrong) {
  server_.Change([](v1::BatchGetResponse& response) {
    response.add_results()->set_found(true);
    return grpc::Status::OK;
  });
  const auto result = RunBatchGets(GetParam());
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->wrong, result->calls);
  EXPECT_THAT(result->first_wrong, HasSubstr("1 results that nobody asked for"));
}

TEST_P(BatchGetLoadTest, ACallThatFailsEndsTheLoad) {
  server_.Change([](v1::BatchGetResponse&) {
    return grpc::Status(grpc::StatusCode::INTERNAL, "odd");
  });
  const auto result = RunBatchGets(GetParam());
  EXPECT_EQ(result.status().code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(result.status().message()),
              HasSubstr(absl::StrFormat("%s: odd", NameOf(GetParam()))));
}

TEST_P(BatchGetLoadTest, WrongAnswersAreKnownThoughALaterCallFails) {
  std::atomic<int> calls = 0;
  server_.Change([&](v1::BatchGetResponse& response) {
    if (++calls > 200) return grpc::Status(grpc::StatusCode::INTERNAL, "odd");
    response.mutable_results(0)->set_found(false);
    return grpc::Status::OK;
  });
  auto load = BatchGetLoad::Connect(server_.address(),
                                    {.rpc = GetParam(), .batch_keys = 10, .seed = 1},
                                    dataset_, writes_);
  ASSERT_TRUE(load.ok()) << load.status();
  const auto result = (*load)->Run(absl::Seconds(60));
  EXPECT_EQ(result.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(result.status().message()),
              AllOf(HasSubstr("200 wrong answers, the first: key"),
                    HasSubstr("not found"), HasSubstr("odd")));
}

TEST_F(LoadTest, AStreamThatEndsInTheMiddleIsAnError) {
  server_.EndStreams();
  const auto result = RunBatchGets(Rpc::kStreamBatchGet);
  EXPECT_EQ(result.status().code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(result.status().message()),
              HasSubstr("StreamBatchGet: the stream has ended"));
}

TEST_F(LoadTest, WhatTheWriterWritesIsWhatTheReadersExpect) {
  const auto client = Connect();
  PacedWriter writer(*client, dataset_, writes_, {.writes_per_second = 2000, .seed = 1});
  server_.WaitForManyPuts();
  const auto read = RunBatchGets();
  const auto written = writer.Stop();
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_EQ(read->wrong, 0u) << read->first_wrong;
  EXPECT_EQ(written->writes, server_.puts());
  EXPECT_EQ(written->writes, writes_.newest());
}

TEST_F(LoadTest, AWriterWithoutARateWritesNothing) {
  const auto client = Connect();
  PacedWriter writer(*client, dataset_, writes_, {.writes_per_second = 0, .seed = 1});
  const auto written = writer.Stop();
  ASSERT_TRUE(written.ok());
  EXPECT_EQ(written->writes, 0u);
  EXPECT_EQ(server_.puts(), 0u);
}

TEST_F(LoadTest, AWriteThatIsRefusedIsTheWritersError) {
  server_.RefuseWrites();
  const auto client = Connect();
  PacedWriter writer(*client, dataset_, writes_, {.writes_per_second = 1000, .seed = 1});
  const auto written = writer.Stop();
  EXPECT_EQ(written.status().code(), absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace rcukv::loadtest
