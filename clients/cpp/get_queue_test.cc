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
      batches_.push_back(queue_.Join(key, absl::InfiniteFuture()).batch);
      ++batches_.back()->sleepers;
    }
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

  // The oldest call in flight is answered.
  void Answer(size_t response_bytes = 100) {
    queue_.Answered(*in_flight_.front(), response_bytes);
    in_flight_.pop_front();
  }

  GetQueue queue_{"fruit", {.keys = 60, .answer_bytes = 1000, .key_bytes = 10}};
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

TEST_F(GetQueueTest, ACallHasNoMoreThanItsKeys) {
  Join(1);
  Take();
  Join(1);
  Take();
  Join(130);
  Answer();
  EXPECT_THAT(Take(), ElementsAre(60));
  Answer();
  EXPECT_THAT(Take(), ElementsAre(60));
  Answer();
  Answer();
  EXPECT_THAT(Take(), ElementsAre(10));
}

TEST_F(GetQueueTest, LargeValuesShareACallOnlyAsFarAsItsAnswerStaysSmall) {
  Join(1);
  Take();
  Answer(/*response_bytes=*/300);
  Join(1);
  Take();
  Join(10);
  Answer(300);
  EXPECT_THAT(Take(), ElementsAre(3, 3));
  Answer(3 * 5000);
  Join(2);
  Answer(3 * 5000);
  // These were full before it was known.
  EXPECT_THAT(Take(), ElementsAre(3, 1));
  Answer(3 * 5000);
  EXPECT_THAT(Take(), ElementsAre(1));
  Answer(5000);
  Answer(5000);
  EXPECT_THAT(Take(), ElementsAre(1));
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
