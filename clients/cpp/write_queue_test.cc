#include "clients/cpp/write_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace rcukv::internal {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class WriteQueueTest : public ::testing::Test {
 protected:
  WritePlace Join(const std::string& key, size_t value_bytes = 0) {
    return queue_->Join(
        {.request = EncodePut(key, std::string(value_bytes, 'v'), {}),
         .deadline = SteadyTime() + std::chrono::seconds(++deadline_seconds_)});
  }
  // So many, "0" and so on.
  void JoinMany(int writes) {
    for (int i = 0; i < writes; ++i) Join(absl::StrCat(i));
  }

  // How many writes each call has that may go out.
  std::vector<size_t> TakeAll() {
    std::vector<size_t> sizes;
    while (std::unique_ptr<WriteCall> call = queue_->Take()) {
      sizes.push_back(call->places.size());
      in_flight_.push_back(std::move(call));
    }
    return sizes;
  }
  void Answer(size_t call) {
    queue_->Answered(*in_flight_[call]);
    in_flight_.erase(in_flight_.begin() + static_cast<ptrdiff_t>(call));
  }

  std::unique_ptr<WriteQueue> queue_ = std::make_unique<WriteQueue>(WriteLimits());
  std::vector<std::unique_ptr<WriteCall>> in_flight_;
  int deadline_seconds_ = 0;
};

TEST_F(WriteQueueTest, AWriteThatIsAloneGoesAtOnce) {
  Join("a");
  EXPECT_THAT(TakeAll(), ElementsAre(1));
  EXPECT_THAT(TakeAll(), IsEmpty());
}

TEST_F(WriteQueueTest, CallsInFlightAreSharesOfTheWritesUnderWay) {
  JoinMany(1);
  EXPECT_THAT(TakeAll(), ElementsAre(1));
  JoinMany(1);
  EXPECT_THAT(TakeAll(), ElementsAre(1));
  JoinMany(62);
  EXPECT_THAT(TakeAll(), IsEmpty());
  Answer(0);
  EXPECT_THAT(TakeAll(), ElementsAre(62));
  // Its callers come again, one by one; and so the calls become equal.
  Answer(1);
  std::vector<size_t> sizes;
  for (int i = 0; i < 62; ++i) {
    JoinMany(1);
    for (const size_t size : TakeAll()) sizes.push_back(size);
  }
  EXPECT_THAT(sizes, ElementsAre(32));
}

TEST_F(WriteQueueTest, WithNothingInFlightWhatThereIsGoes) {
  JoinMany(1);
  TakeAll();
  JoinMany(100);
  EXPECT_THAT(TakeAll(), ElementsAre(100));
  Answer(1);
  Answer(0);
  JoinMany(3);
  EXPECT_THAT(TakeAll(), ElementsAre(3));
}

TEST_F(WriteQueueTest, ACallIsBoundedInWritesAndInBytes) {
  queue_ = std::make_unique<WriteQueue>(
      WriteLimits{.full_calls_in_flight = 1, .writes = 10, .bytes = 1000});
  JoinMany(1);
  TakeAll();
  JoinMany(12);
  for (const char* key : {"a", "b", "c"}) Join(key, 400);
  std::vector<size_t> sizes;
  while (std::unique_ptr<WriteCall> call = queue_->TakeAny()) {
    sizes.push_back(call->places.size());
  }
  EXPECT_THAT(sizes, ElementsAre(10, 4, 1));
  EXPECT_EQ(queue_->waiting_bytes(), 0u);
}

TEST_F(WriteQueueTest, FullCallsAndOthersDoNotWaitForOneAnother) {
  queue_ =
      std::make_unique<WriteQueue>(WriteLimits{.full_calls_in_flight = 2, .writes = 10});
  JoinMany(35);
  EXPECT_THAT(TakeAll(), ElementsAre(10, 10));
  EXPECT_THAT(TakeAll(), IsEmpty());
  queue_ =
      std::make_unique<WriteQueue>(WriteLimits{.full_calls_in_flight = 2, .writes = 10});
  JoinMany(34);
  EXPECT_THAT(TakeAll(), ElementsAre(10, 10, 4));
}

TEST_F(WriteQueueTest, ACallHasTheLatestDeadlineOfItsWrites) {
  JoinMany(3);
  TakeAll();
  EXPECT_EQ(in_flight_[0]->deadline(), SteadyTime() + std::chrono::seconds(3));
}

TEST_F(WriteQueueTest, AWriteThatIsWithdrawnLeavesNothingBehind) {
  Join("ahead");
  TakeAll();
  Join("ahead too");
  TakeAll();
  const WritePlace a = Join("a");
  const WritePlace b = Join("b", 1000);
  const WritePlace c = Join("c");
  queue_->Withdraw(b);
  EXPECT_EQ(queue_->waiting_bytes(),
            BatchedBytes(a.write().request) + BatchedBytes(c.write().request));
  EXPECT_THAT(b.write().request.bytes, IsEmpty());
  Answer(1);
  Answer(0);
  EXPECT_THAT(TakeAll(), ElementsAre(2));
  EXPECT_TRUE(a.write().sent);
  EXPECT_FALSE(b.write().sent);
  EXPECT_EQ(a.batch->unanswered, 2u);
}

TEST_F(WriteQueueTest, ACallWhoseWritesAreAllWithdrawnIsGone) {
  Join("ahead");
  TakeAll();
  Join("ahead too");
  TakeAll();
  const WritePlace a = Join("a");
  const WritePlace b = Join("b");
  queue_->Withdraw(a);
  queue_->Withdraw(b);
  EXPECT_EQ(queue_->TakeAny(), nullptr);
  Answer(0);
  EXPECT_THAT(TakeAll(), IsEmpty());
}

TEST_F(WriteQueueTest, ARefusedCallIsAskedAgainInOrderInSmallerOnesAheadOfOthers) {
  JoinMany(1);
  TakeAll();
  JoinMany(8);
  TakeAll();
  Join("behind");
  in_flight_[1]->batch->writes[3].given_up = true;
  const std::unique_ptr<WriteCall> refused = std::move(in_flight_[1]);
  queue_->Answered(*refused);
  queue_->AskAgain(*refused, 4);
  std::vector<std::vector<size_t>> places;
  while (std::unique_ptr<WriteCall> call = queue_->TakeAny()) {
    places.push_back(call->places);
  }
  EXPECT_THAT(places,
              ElementsAre(ElementsAre(0, 1, 2), ElementsAre(4, 5, 6, 7), ElementsAre(0)));
  EXPECT_EQ(refused->batch->unanswered, 7u);
  EXPECT_FALSE(refused->batch->writes[0].sent);
  // And no call takes more from now on.
  JoinMany(9);
  EXPECT_EQ(queue_->TakeAny()->places.size(), 4u);
}

TEST_F(WriteQueueTest, WhatIsAskedAgainOneByOneGoesAsWithoutGathering) {
  JoinMany(1);
  TakeAll();
  JoinMany(100);
  TakeAll();
  const std::unique_ptr<WriteCall> refused = std::move(in_flight_[1]);
  queue_->Answered(*refused);
  queue_->AskAgain(*refused, 1);
  EXPECT_EQ(TakeAll().size(), 100u);
}

TEST_F(WriteQueueTest, HasRoomForASingleWriteAndOtherwiseForSoMuch) {
  queue_ = std::make_unique<WriteQueue>(WriteLimits{.waiting_bytes = 100});
  EXPECT_TRUE(queue_->HasRoomFor(1000));
  JoinMany(1);
  const size_t bytes = queue_->waiting_bytes();
  EXPECT_TRUE(queue_->HasRoomFor(100 - bytes));
  EXPECT_FALSE(queue_->HasRoomFor(101 - bytes));
  TakeAll();
  EXPECT_TRUE(queue_->HasRoomFor(1000));
}

}  // namespace
}  // namespace rcukv::internal
