#include "loadtest/workload/null_answers.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "loadtest/workload/null_target.h"
#include "loadtest/workload/records.h"
#include "proto/rcukv/v1/kv.pb.h"

namespace rcukv::loadtest {
namespace {

using Call = NullAnswers::Call;

constexpr size_t kEntries = 1000;

class NullAnswersTest : public testing::Test {
 protected:
  template <class Response>
  Response Answer(Call call, const google::protobuf::Message& request) {
    const auto bytes = answers_.Answer(call, request.SerializeAsString());
    Response response;
    EXPECT_TRUE(bytes.has_value());
    EXPECT_TRUE(response.ParseFromString(bytes.value_or("")));
    return response;
  }

  const Records records_{7, Sizes(Sizes::kUniform, {16, 60}),
                         Sizes(Sizes::kUniform, {16, 300})};
  NullAnswers answers_{records_, kEntries};
};

TEST_F(NullAnswersTest, EveryKeyHasItsOwnValueReadyOrNot) {
  for (size_t index = 0; index < 2 * kEntries; ++index) {
    v1::GetRequest request;
    request.set_table("default");
    request.set_key(records_.Key(index));
    const auto response = Answer<v1::GetResponse>(Call::kGet, request);
    EXPECT_EQ(response.entry().key(), records_.Key(index));
    EXPECT_EQ(response.entry().value(), records_.Value(index, 0));
    EXPECT_EQ(response.entry().mod_revision(), NullTarget::kNewest);
  }
}

TEST_F(NullAnswersTest, ABatchIsInTheOrderOfItsKeys) {
  const std::vector<size_t> indices = {3, 999, 1500, 3, 0};
  v1::BatchGetRequest request;
  for (const size_t index : indices) request.add_keys(records_.Key(index));
  for (const Call call : {Call::kBatchGet, Call::kStreamBatchGet}) {
    const auto response = Answer<v1::BatchGetResponse>(call, request);
    ASSERT_EQ(response.results_size(), static_cast<int>(indices.size()));
    for (size_t i = 0; i < indices.size(); ++i) {
      const auto& result = response.results(static_cast<int>(i));
      EXPECT_TRUE(result.found());
      EXPECT_EQ(result.value(), records_.Value(indices[i], 0));
    }
  }
}

TEST_F(NullAnswersTest, WritesAreOfRevisionsThatGrow) {
  v1::PutRequest request;
  request.set_key(records_.Key(1));
  const auto first = Answer<v1::PutResponse>(Call::kPut, request).revision();
  EXPECT_GT(first, 1u) << "which everything has that was loaded";
  EXPECT_GT(Answer<v1::PutResponse>(Call::kPut, request).revision(), first);
}

TEST_F(NullAnswersTest, AScanHasAsManyEntriesAsItAskedForAndNoFurtherPage) {
  v1::ScanRequest request;
  request.set_page_size(10);
  const auto response = Answer<v1::ScanResponse>(Call::kScan, request);
  ASSERT_EQ(response.entries_size(), 10);
  EXPECT_EQ(response.entries(9).key(), records_.Key(9));
  EXPECT_EQ(response.entries(9).value(), records_.Value(9, 0));
  EXPECT_EQ(response.next_page_token(), "");
}

TEST_F(NullAnswersTest, WhatIsNoRequestOfALoadHasNoAnswer) {
  EXPECT_FALSE(answers_.Answer(Call::kGet, "").has_value());
  EXPECT_FALSE(answers_.Answer(Call::kGet, "\x12\x7f").has_value()) << "cut off";
  EXPECT_FALSE(answers_.Answer(Call::kGet, "\x12\x01k").has_value()) << "another's key";
  v1::BatchGetRequest snapshot;
  snapshot.add_keys(records_.Key(1));
  snapshot.set_consistency(v1::SNAPSHOT);
  EXPECT_FALSE(
      answers_.Answer(Call::kBatchGet, snapshot.SerializeAsString()).has_value());
}

TEST_F(NullAnswersTest, CallsAreKnownByTheirNames) {
  EXPECT_EQ(NullAnswers::CallNamed("/rcukv.v1.KeyValueService/Get"), Call::kGet);
  EXPECT_EQ(NullAnswers::CallNamed("/rcukv.v1.KeyValueService/StreamBatchGet"),
            Call::kStreamBatchGet);
  EXPECT_FALSE(NullAnswers::CallNamed("/rcukv.v1.KeyValueService/Delete").has_value());
  EXPECT_FALSE(NullAnswers::CallNamed("/rcukv.v1.AdminService/Get").has_value());
}

}  // namespace
}  // namespace rcukv::loadtest
