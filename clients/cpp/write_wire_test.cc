#include "clients/cpp/write_wire.h"

#include <gmock/gmock.h>
#include <grpcpp/support/slice.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "proto/rcukv/v1/kv.pb.h"

namespace rcukv::internal {
namespace {

using ::testing::SizeIs;

grpc::ByteBuffer BufferOf(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

template <typename Message>
grpc::ByteBuffer BufferOf(const Message& message) {
  return BufferOf(message.SerializeAsString());
}

TEST(WriteWire, APutIsAPutRequest) {
  const EncodedWrite write =
      EncodePut("key", "value", {.table = "table", .expected_mod_revision = 0});
  EXPECT_FALSE(write.is_delete);
  v1::PutRequest request;
  ASSERT_TRUE(request.ParseFromString(write.bytes));
  EXPECT_EQ(request.table(), "table");
  EXPECT_EQ(request.key(), "key");
  EXPECT_EQ(request.value(), "value");
  EXPECT_TRUE(request.has_expected_mod_revision());
  ASSERT_TRUE(request.ParseFromString(EncodePut("key", "", {}).bytes));
  EXPECT_FALSE(request.has_expected_mod_revision());
}

TEST(WriteWire, ADeleteIsADeleteRequest) {
  const EncodedWrite write = EncodeDelete("key", {.expected_mod_revision = 7});
  EXPECT_TRUE(write.is_delete);
  v1::DeleteRequest request;
  ASSERT_TRUE(request.ParseFromString(write.bytes));
  EXPECT_EQ(request.key(), "key");
  EXPECT_EQ(request.expected_mod_revision(), 7u);
}

TEST(WriteWire, WhatIsAppendedIsABatchWriteRequest) {
  const std::string large(100'000, 'v');
  std::string bytes;
  size_t bound = 0;
  for (const EncodedWrite& write :
       {EncodePut("a", large, {}), EncodeDelete("b", {}), EncodePut("c", "", {})}) {
    AppendToBatch(write, &bytes);
    bound += BatchedBytes(write);
  }
  EXPECT_LE(bytes.size(), bound);
  v1::BatchWriteRequest request;
  ASSERT_TRUE(request.ParseFromString(bytes));
  ASSERT_THAT(request.writes(), SizeIs(3));
  EXPECT_EQ(request.writes(0).put().key(), "a");
  EXPECT_EQ(request.writes(0).put().value(), large);
  EXPECT_EQ(request.writes(1).delete_().key(), "b");
  EXPECT_TRUE(request.writes(2).has_put());
  EXPECT_EQ(request.writes(2).put().key(), "c");
}

TEST(WriteWire, AnAnswerIsReadAsWhatWasAsked) {
  v1::PutResponse put;
  put.set_revision(3);
  EXPECT_EQ(ReadAnswer(/*is_delete=*/false, BufferOf(put)).revision, 3u);
  v1::DeleteResponse remove;
  remove.set_revision(4);
  remove.set_deleted(true);
  const WriteAnswer answer = ReadAnswer(/*is_delete=*/true, BufferOf(remove));
  EXPECT_TRUE(answer.status.ok());
  EXPECT_EQ(answer.revision, 4u);
  EXPECT_TRUE(answer.existed);
  EXPECT_EQ(
      ReadAnswer(/*is_delete=*/false, BufferOf(std::string("\xff"))).status.error_code(),
      grpc::StatusCode::INTERNAL);
}

TEST(WriteWire, AnswersAreReadInTheirOrder) {
  v1::BatchWriteResponse response;
  response.add_results()->mutable_put()->set_revision(3);
  response.add_results()->mutable_error()->set_code(grpc::StatusCode::NOT_FOUND);
  response.mutable_results(1)->mutable_error()->set_message("no table");
  response.add_results()->mutable_delete_()->set_deleted(true);
  response.add_results();
  response.add_results()->mutable_error()->set_message("an error that is none");
  std::vector<WriteAnswer> answers;
  ASSERT_TRUE(ReadAnswers(BufferOf(response), 5, &answers).ok());
  ASSERT_THAT(answers, SizeIs(5));
  EXPECT_EQ(answers[0].revision, 3u);
  EXPECT_EQ(answers[1].status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(answers[1].status.error_message(), "no table");
  EXPECT_TRUE(answers[2].existed);
  EXPECT_EQ(answers[3].status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(answers[4].status.error_code(), grpc::StatusCode::INTERNAL);
}

TEST(WriteWire, AnswersThatAreNotOneForEachWriteAreNone) {
  v1::BatchWriteResponse response;
  response.add_results()->mutable_put();
  std::vector<WriteAnswer> answers;
  for (const size_t writes : {0, 2}) {
    EXPECT_EQ(ReadAnswers(BufferOf(response), writes, &answers).error_code(),
              grpc::StatusCode::INTERNAL);
  }
  EXPECT_EQ(ReadAnswers(BufferOf(std::string("\xff")), 1, &answers).error_code(),
            grpc::StatusCode::INTERNAL);
}

}  // namespace
}  // namespace rcukv::internal
