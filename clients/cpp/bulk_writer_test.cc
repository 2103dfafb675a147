#include "clients/cpp/bulk_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "clients/cpp/fake_server.h"

namespace rcukv {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class BulkWriterTest : public ::testing::Test {
 protected:
  FakeServer server_;
  const std::unique_ptr<Client> client_ = Client::Connect(server_.address()).value();
};

TEST_F(BulkWriterTest, WritesEverything) {
  std::map<std::string, std::string> entries;
  uint64_t bytes = 0;
  BulkWriter writer(*client_);
  for (int i = 0; i < 5000; ++i) {
    const std::string key = absl::StrCat("key", i);
    const std::string value(i % 100, 'v');
    EXPECT_TRUE(writer.Put(key, value));
    entries[key] = value;
    bytes += key.size() + value.size();
  }
  writer.Flush();
  EXPECT_THAT(writer.TakeFailures(), IsEmpty());
  EXPECT_EQ(writer.written(), entries.size());
  EXPECT_EQ(writer.written_bytes(), bytes);
  EXPECT_EQ(server_.Contents(), entries);
}

// Guarantee A.
TEST_F(BulkWriterTest, TheLastWriteOfAKeyWins) {
  BulkWriter writer(*client_);
  for (int i = 0; i <= 1000; ++i) {
    writer.Put("key", absl::StrCat(i));
    writer.Put(absl::StrCat("other", i), "");
  }
  writer.Flush();
  EXPECT_EQ(server_.Contents()["key"], "1000");
}

TEST_F(BulkWriterTest, WritesAreUnderWayTogetherButNoMoreThanTheWindowHolds) {
  constexpr int kWindow = 10;
  server_.Hold();
  BulkWriter writer(*client_,
                    {.timeout = absl::Seconds(60), .max_writes_in_flight = kWindow});
  for (int i = 0; i < kWindow; ++i) writer.Put(absl::StrCat(i), "");
  server_.AwaitHeld(2);  // Put() waited for none of them.
  server_.Release();
  for (int i = 0; i < 1000; ++i) writer.Put(absl::StrCat("key", i), "");
  writer.Flush();
  EXPECT_GT(server_.max_concurrent_writes(), 1);
  EXPECT_LE(server_.max_concurrent_writes(), kWindow);
  EXPECT_EQ(writer.written(), 1000u + kWindow);
}

TEST_F(BulkWriterTest, WritesShareCallsUnlessTheClientGathersNone) {
  for (const bool gather : {true, false}) {
    FakeServer server;
    const auto client =
        Client::Connect(server.address(), {.gather_writes = gather}).value();
    constexpr size_t kWrites = 4;
    server.Hold();
    BulkWriter writer(*client, {.timeout = absl::Seconds(60)});
    for (size_t i = 0; i < kWrites; ++i) writer.Put(absl::StrCat(i), "");
    server.AwaitHeld(gather ? 2 : kWrites);
    server.Release();
    writer.Flush();
    EXPECT_EQ(server.Writes().size(), gather ? 3u : kWrites);
    EXPECT_EQ(writer.written(), kWrites);
  }
}

TEST_F(BulkWriterTest, AWriterMayOutliveItsClient) {
  auto client = Client::Connect(server_.address()).value();
  BulkWriter writer(*client);
  client.reset();
  writer.Put("key", "value");
  writer.Flush();
  EXPECT_EQ(writer.written(), 1u);
}

TEST_F(BulkWriterTest, TheWindowIsBoundedInBytesButTakesAnySingleWrite) {
  const std::string large(1000, 'v');
  BulkWriter writer(*client_, {.max_bytes_in_flight = large.size()});
  for (int i = 0; i < 20; ++i) writer.Put(absl::StrCat(i), large);
  writer.Flush();
  EXPECT_EQ(server_.max_concurrent_writes(), 1);
  EXPECT_EQ(writer.written(), 20u);
}

// Guarantee B.
TEST_F(BulkWriterTest, ARefusedWriteIsReportedWithItsKeyAndIdAndNotTriedAgain) {
  int refusals = 0;
  server_.FailPutsWith([&refusals](const v1::PutRequest& request) {
    if (request.key() != "key7") return grpc::Status::OK;
    ++refusals;
    return grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "memory is full");
  });
  BulkWriter writer(*client_);
  for (uint64_t i = 0; i < 10; ++i) writer.Put(absl::StrCat("key", i), "", 100 + i);
  writer.Flush();
  const std::vector<BulkWriter::Failure> failures = writer.TakeFailures();
  ASSERT_EQ(failures.size(), 1u);
  EXPECT_EQ(failures[0].key, "key7");
  EXPECT_EQ(failures[0].id, 107u);
  EXPECT_EQ(failures[0].status, absl::ResourceExhaustedError("memory is full"));
  EXPECT_EQ(writer.written(), 9u);
  EXPECT_EQ(refusals, 1);
  EXPECT_THAT(writer.TakeFailures(), IsEmpty());
}

TEST_F(BulkWriterTest, PutTellsOfFailuresUntilTheyAreTaken) {
  server_.FailPutsWith([](const v1::PutRequest& request) {
    return request.key() == "bad"
               ? grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "bad")
               : grpc::Status::OK;
  });
  BulkWriter writer(*client_);
  writer.Put("bad", "");
  writer.Flush();
  EXPECT_FALSE(writer.Put("good", ""));
  EXPECT_EQ(writer.TakeFailures().size(), 1u);
  EXPECT_TRUE(writer.Put("better", ""));
}

TEST_F(BulkWriterTest, AWriteEndsAtItsDeadline) {
  server_.Hold();
  BulkWriter writer(*client_, {.timeout = absl::Milliseconds(50)});
  writer.Put("key", "value");
  writer.Flush();
  const std::vector<BulkWriter::Failure> failures = writer.TakeFailures();
  ASSERT_EQ(failures.size(), 1u);
  EXPECT_TRUE(absl::IsDeadlineExceeded(failures[0].status)) << failures[0].status;
  EXPECT_THAT(std::string(failures[0].status.message()), HasSubstr("50ms"));
}

TEST_F(BulkWriterTest, WithTheServerGoneEveryWriteFails) {
  BulkWriter writer(*client_);
  server_.Stop();
  for (int i = 0; i < 1000; ++i) writer.Put(absl::StrCat(i), "");
  writer.Flush();
  const std::vector<BulkWriter::Failure> failures = writer.TakeFailures();
  EXPECT_EQ(failures.size(), 1000u);
  for (const BulkWriter::Failure& failure : failures) {
    EXPECT_TRUE(absl::IsUnavailable(failure.status)) << failure.status;
  }
  EXPECT_EQ(writer.written(), 0u);
}

TEST_F(BulkWriterTest, TheEndOfAWriterWaitsForItsWrites) {
  {
    BulkWriter writer(*client_);
    for (int i = 0; i < 100; ++i) writer.Put(absl::StrCat(i), "");
  }
  EXPECT_EQ(server_.Contents().size(), 100u);
}

}  // namespace
}  // namespace rcukv
