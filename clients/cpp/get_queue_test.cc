#include "clients/cpp/get_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace rcukv::internal {
namespace {

using ::testing::ElementsAre;

class GetQueueTest : public ::testing::Test {
 protected:
  // So many Gets that somebody waits for.
  void Join(int gets, const std::string& key = "key") {
    for (int i = 0; i < gets; ++i) {
      batches_.push_back(queue_.Join(AskedKeys(key), kNever).batch);
      ++batches_.back()->sleepers;
    }
  }

  // A BatchGet that somebody waits for; the first is "key0".
  GetQueue::Place JoinBatch(size_t keys) {
    std::vector<std::string> batch;
    for (size_t i = 0; i < keys; ++i) batch.push_back("key" + std::to_string(i));
    const GetQueue::Place place = queue_.Join(AskedKeys(batch), kNever);
    ++place.batch->sleepers;
    return place;
  }

  // The sizes of the calls that may go out now. They are in flight from now on.
  std::vector<size_t> Take() {
    std::vector<size_t> sizes;
    while (std::unique_ptr<GetCall> call = queue_.Take()) {
      sizes.push_back(call->range.size());
      in_flight_.push_back(std::move(call));
    }
    return sizes;
  }

  // The oldest call in flight is answered; 0 bytes say nothing of how large values are.
  void Answer(size_t response_bytes = 0) {
    queue_.Answered(*in_flight_.front(), response_bytes);
    in_flight_.pop_front();
  }

  GetQueue queue_{
      "fruit",
      {.large_calls_in_flight = 3, .keys = 100, .answer_bytes = 1000, .key_bytes = 10}};
  std::deque<std::unique_ptr<GetCall>> in_flight_;
  std::vector<std::shared_ptr<GetBatch>> batches_;
};

TEST_F(GetQueueTest, WithNothingInFlightAGetGoesOutAtOnce) {
  Join(1);
  EXPECT_THAT(Take(), ElementsAre(1));
}

TEST_F(GetQueueTest, GetsThatComeMeanwhileShareACall) {
  Join(1);
  Take();
  Join(1);
  Take();
  Join(30);
  EXPECT_THAT(Take(), ElementsAre());
  Answer();
  EXPECT_THAT(Take(), ElementsAre(30));
}

TEST_F(GetQueueTest, CallsBecomeEqual) {
  Join(1);
  Take();
  Join(49);
  Take();
  // Those who are answered ask again, one by one.
  for (int round = 0; round < 20; ++round) {
    const size_t answered = in_flight_.front()->range.size();
    Answer();
    for (size_t i = 0; i < answered; ++i) {
      Take();
      Join(1);
    }
    Take();
  }
  ASSERT_EQ(in_flight_.size(), 2u);
  EXPECT_EQ(in_flight_[0]->range.size(), 25u);
  EXPECT_EQ(in_flight_[1]->range.size(), 25u);
}

TEST_F(GetQueueTest, AfterABurstALoneCallerFindsTheWayFreeAgain) {
  Join(1);
  Take();
  Join(50);
  while (!in_flight_.empty()) {
    Answer();
    Take();
  }
  for (int i = 0; i < 50; ++i) {
    Join(1);
    EXPECT_THAT(Take(), ElementsAre(1));
    Answer();
  }
  // Two callers have a call each once more.
  Join(1);
  EXPECT_THAT(Take(), ElementsAre(1));
  Join(1);
  EXPECT_THAT(Take(), ElementsAre(1));
}

TEST_F(GetQueueTest, ACallHasNoMoreThanItsKeysAndLargeOnesWaitForFewerOthers) {
  Join(1);
  Take();
  Join(1);
  Take();
  Join(430);
  EXPECT_THAT(Take(), ElementsAre(100, 100, 100));
  while (!in_flight_.empty()) Answer();
  EXPECT_THAT(Take(), ElementsAre(100, 30));
}

TEST_F(GetQueueTest, LargeCallsAndSmallOnesDoNotWaitForOneAnother) {
  JoinBatch(100);
  EXPECT_THAT(Take(), ElementsAre(100));
  for (int i = 0; i < 2; ++i) {
    Join(1);
    EXPECT_THAT(Take(), ElementsAre(1)) << "a Get waits for a large call";
  }
  Join(1);
  JoinBatch(100);
  EXPECT_THAT(Take(), ElementsAre(100)) << "a large call waits for a Get";
  JoinBatch(100);
  JoinBatch(100);
  EXPECT_THAT(Take(), ElementsAre(100)) << "there is no limit";
  while (!in_flight_.empty()) Answer();
  EXPECT_THAT(Take(), ElementsAre(1, 100));
}

TEST_F(GetQueueTest, ABatchGetSharesACallButIsNotParted) {
  Join(1);
  Take();
  Join(1);
  Take();
  Join(1);
  const GetQueue::Place first = JoinBatch(40);
  EXPECT_EQ(first.place, 1u);
  const GetQueue::Place second = JoinBatch(40);
  EXPECT_EQ(second.batch, first.batch);
  EXPECT_EQ(second.place, 41u);
  EXPECT_NE(JoinBatch(20).batch, first.batch);
  EXPECT_THAT(Take(), ElementsAre(81));
  while (!in_flight_.empty()) Answer();
  EXPECT_THAT(Take(), ElementsAre(20));
}

TEST_F(GetQueueTest, ABatchGetThatIsLargerThanACallGoesAsItIs) {
  Join(1);
  Take();
  JoinBatch(500);
  JoinBatch(1);
  EXPECT_THAT(Take(), ElementsAre(500, 1));
}

TEST_F(GetQueueTest, LargeValuesShareACallOnlyAsFarAsItsAnswerStaysSmall) {
  Join(1);
  Take();
  Answer(/*response_bytes=*/300);
  Join(1);
  Take();
  Join(13);
  Answer(300);
  // Those of three are large.
  EXPECT_THAT(Take(), ElementsAre(3, 3, 3, 1));
  Answer(3 * 5000);
  Join(2);
  // The first of these was full before it was known.
  EXPECT_THAT(Take(), ElementsAre(3));
  Answer(3 * 5000);
  EXPECT_THAT(Take(), ElementsAre(1));
  Answer(3 * 5000);
  EXPECT_THAT(Take(), ElementsAre(1));
}

TEST_F(GetQueueTest, CallsThatAreLargeInBytesDoNotWaitForSmallOnesNorTheseForThem) {
  GetQueue queue("fruit",
                 {.large_calls_in_flight = 3, .keys = 100, .request_bytes = 100});
  const auto join = [&](const std::string& key) {
    ++queue.Join(AskedKeys(key), kNever).batch->sleepers;
  };
  std::vector<std::unique_ptr<GetCall>> in_flight;
  const auto take = [&] {
    std::vector<size_t> bytes;
    while (std::unique_ptr<GetCall> call = queue.Take()) {
      bytes.push_back(call->batch->request_bytes());
      in_flight.push_back(std::move(call));
    }
    return bytes;
  };
  for (int i = 0; i < 4; ++i) join(std::string(60, 'k'));
  EXPECT_EQ(take().size(), 3u);
  join("key");
  EXPECT_EQ(take().size(), 0u) << "it joined the fourth";
}

TEST_F(GetQueueTest, ALoneGetDoesNotWaitForAnothersBatch) {
  JoinBatch(10);
  EXPECT_THAT(Take(), ElementsAre(10));
  Join(1);
  EXPECT_THAT(Take(), ElementsAre(1));
}

TEST_F(GetQueueTest, BatchGetsShareCallsAsGetsDo) {
  JoinBatch(10);
  EXPECT_THAT(Take(), ElementsAre(10));
  for (int i = 0; i < 3; ++i) JoinBatch(10);
  EXPECT_THAT(Take(), ElementsAre(30));
  Answer();
  JoinBatch(10);
  EXPECT_THAT(Take(), ElementsAre()) << "a quarter is not the share of one of two calls";
  Answer();
  JoinBatch(10);
  EXPECT_THAT(Take(), ElementsAre(20));
}

TEST_F(GetQueueTest, KeysThatAreRefusedAsARuleGoAlone) {
  Join(1);
  Take();
  Join(1);
  Take();
  Join(2);
  Join(1, "");
  Join(1, std::string(11, 'k'));
  Join(2);
  std::vector<size_t> sizes;
  while (!in_flight_.empty()) {
    Answer();
    for (size_t size : Take()) sizes.push_back(size);
  }
  EXPECT_THAT(sizes, ElementsAre(2, 1, 1, 2));
}

TEST_F(GetQueueTest, HalvesGoOutAheadOfOthersAndInOrder) {
  Join(5);
  std::unique_ptr<GetCall> call = queue_.TakeAny();
  Join(1);
  queue_.AskAgainInHalves(*call);
  const auto first = queue_.TakeAny();
  const auto second = queue_.TakeAny();
  EXPECT_EQ(first->range.first, 0u);
  EXPECT_EQ(first->range.last, 2u);
  EXPECT_EQ(second->range.first, 2u);
  EXPECT_EQ(second->range.last, 5u);
  EXPECT_EQ(second->batch, call->batch);
  EXPECT_TRUE(first->unary);
  EXPECT_EQ(queue_.TakeAny()->range.size(), 1u);
  EXPECT_EQ(queue_.TakeAny(), nullptr);
}

TEST_F(GetQueueTest, HalvesKeepTheKeysOfACallerTogether) {
  Join(1);
  JoinBatch(5);
  Join(2);
  std::unique_ptr<GetCall> call = queue_.TakeAny();
  ASSERT_EQ(call->range.size(), 8u);
  const GetBatch& batch = *call->batch;
  EXPECT_EQ(batch.MiddleOf({0, 8}), 6u);
  EXPECT_EQ(batch.MiddleOf({0, 6}), 1u);
  EXPECT_EQ(batch.MiddleOf({1, 8}), 6u);
  EXPECT_EQ(batch.MiddleOf({6, 8}), 7u);
  EXPECT_EQ(batch.MiddleOf({1, 6}), 6u);
  EXPECT_EQ(batch.MiddleOf({7, 8}), 8u);
  queue_.AskAgainInHalves(*call);
  EXPECT_EQ(queue_.TakeAny()->range.size(), 6u);
  const auto rest = queue_.TakeAny();
  EXPECT_EQ(rest->range.size(), 2u);
  // What is asked again is what was asked.
  EXPECT_EQ(batch.Request(rest->range).Length(),
            batch.Request({0, 0}).Length() + 2 * KeyFieldBytes("key"));
}

TEST_F(GetQueueTest, WhatNobodyWaitsForIsNotSent) {
  Join(1);
  Take();
  Join(3);
  for (int i = 1; i <= 3; ++i) --batches_[i]->sleepers;
  Answer();
  EXPECT_THAT(Take(), ElementsAre());
  EXPECT_TRUE(queue_.idle());
}

}  // namespace
}  // namespace rcukv::internal
