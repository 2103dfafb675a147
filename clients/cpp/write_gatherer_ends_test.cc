// How writes end that are not answered: at deadlines, for want of room, with the server
// and with the client.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "clients/cpp/write_gatherer_for_test.h"

namespace rcukv::internal {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string MessageOf(const absl::Status& status) {
  return std::string(status.message());
}

// --- Deadlines.

TEST_F(WriteGathererTest, AWriteThatWaitsIsWithdrawnAtItsDeadlineWhileOthersGoOn) {
  HoldTheWay();
  Answer& patient = PutAsync("patient");
  const absl::Status status = Put("impatient", "", {.timeout = kShort}).status();
  EXPECT_TRUE(absl::IsDeadlineExceeded(status)) << status;
  EXPECT_THAT(MessageOf(status), AllOf(HasSubstr("Put"), HasSubstr("50ms"),
                                       HasSubstr("was not sent, and does not happen")));
  EXPECT_FALSE(patient.there());
  server_.Release();
  EXPECT_TRUE(patient.Await().ok());
  EXPECT_THAT(server_.Writes(), Each(Not(Contains("impatient"))));
}

TEST_F(WriteGathererTest, OneThatDoesNotBlockIsWithdrawnAtItsDeadlineToo) {
  HoldTheWay();
  Answer& patient = PutAsync("patient");
  Answer& later = PutAsync("later", "", {.timeout = 2 * kShort});
  Answer& impatient = PutAsync("impatient", "", {.timeout = kShort});
  EXPECT_TRUE(absl::IsDeadlineExceeded(impatient.AwaitStatus()));
  EXPECT_THAT(MessageOf(impatient.AwaitStatus()), HasSubstr("does not happen"));
  EXPECT_TRUE(absl::IsDeadlineExceeded(later.AwaitStatus()));
  EXPECT_FALSE(patient.there());
  server_.Release();
  EXPECT_TRUE(patient.Await().ok());
  EXPECT_THAT(server_.Writes(), Each(Not(Contains("impatient"))));
  EXPECT_THAT(server_.Writes(), Each(Not(Contains("later"))));
}

TEST_F(WriteGathererTest, AWriteEndsAtItsDeadlineWhileItsCallGoesOn) {
  absl::Notification go;
  server_.FailBatchWritesWith([&go](const v1::BatchWriteRequest&) {
    go.WaitForNotification();
    return grpc::Status::OK;
  });
  HoldTheWay();
  Answer& patient = PutAsync("patient");
  Answer& impatient = PutAsync("impatient", "", {.timeout = 10 * kShort});
  server_.Release();
  EXPECT_TRUE(absl::IsDeadlineExceeded(impatient.AwaitStatus()));
  EXPECT_FALSE(patient.there());
  go.Notify();
  EXPECT_TRUE(patient.Await().ok()) << patient.AwaitStatus();
}

TEST_F(WriteGathererTest, OneThatWasSentAndNotAnsweredMayHaveHappened) {
  server_.Hold();
  for (const bool blocks : {true, false}) {
    const WriteOptions options = {.timeout = kShort};
    const absl::Status status = blocks ? Put("key", "", options).status()
                                       : PutAsync("key", "", options).AwaitStatus();
    EXPECT_TRUE(absl::IsDeadlineExceeded(status)) << status;
    EXPECT_THAT(MessageOf(status), AllOf(HasSubstr("Put"), HasSubstr("50ms"),
                                         HasSubstr("may have happened")));
  }
}

TEST_F(WriteGathererTest, ACallThatNobodyWaitsForIsCancelledAndDoesNotBlockTheWay) {
  NewGatherer({.calls_in_flight = 1});
  server_.Hold();
  PutAsync("ahead", "", {.timeout = kShort});
  server_.AwaitHeld(1);
  std::vector<std::thread> threads;
  for (int i = 0; i < 5; ++i) {
    threads.emplace_back([&, i] {
      const absl::Status status =
          Put(absl::StrCat(i), "", {.timeout = 4 * kShort}).status();
      EXPECT_TRUE(absl::IsDeadlineExceeded(status)) << status;
    });
  }
  for (std::thread& thread : threads) thread.join();
  server_.AwaitNoneHeld();
  server_.Release();
  EXPECT_TRUE(Put("key").ok());
}

TEST_F(WriteGathererTest, WhatNobodyWaitsForIsKeptNoLonger) {
  HoldTheWay();
  const std::string large(100'000, 'v');
  for (int i = 0; i < 3; ++i) {
    Answer& answer = PutAsync("large", large, {.timeout = kShort});
    EXPECT_TRUE(absl::IsDeadlineExceeded(answer.AwaitStatus()));
    EXPECT_TRUE(
        absl::IsDeadlineExceeded(Put("large", large, {.timeout = kShort}).status()));
  }
  EXPECT_EQ(gatherer_->waiting_bytes(), 0u);
  server_.Release();
  EXPECT_TRUE(Put("key").ok());
  EXPECT_THAT(server_.Writes(), Each(Not(Contains("large"))));
}

// --- Room.

TEST_F(WriteGathererTest, WhatWaitsIsBoundedInBytesAndPastThatWritesAreRefused) {
  NewGatherer({.waiting_bytes = 3'000});
  HoldTheWay();
  const std::string value(1'000, 'v');
  Answer& first = PutAsync("first", value);
  Answer& second = PutAsync("second", value);
  Answer& third = PutAsync("third", value);
  EXPECT_TRUE(third.there());
  EXPECT_TRUE(absl::IsResourceExhausted(third.AwaitStatus()));
  const absl::Status blocked = Put("fourth", value).status();
  EXPECT_TRUE(absl::IsResourceExhausted(blocked)) << blocked;
  EXPECT_THAT(MessageOf(blocked), AllOf(HasSubstr("Put: too many writes wait"),
                                        HasSubstr("3000"), HasSubstr("not sent")));
  server_.Release();
  EXPECT_TRUE(first.Await().ok());
  EXPECT_TRUE(second.Await().ok());
  EXPECT_TRUE(Put("third", value).ok());
  EXPECT_THAT(server_.Writes(), Not(Contains(ElementsAre("fourth"))));
}

TEST_F(WriteGathererTest, OneWriteIsNeverTooLargeToWait) {
  NewGatherer({.waiting_bytes = 10});
  HoldTheWay();
  Answer& large = PutAsync("large", std::string(1'000, 'v'));
  server_.Release();
  EXPECT_TRUE(large.Await().ok());
}

// --- The server goes.

TEST_F(WriteGathererTest, WithTheServerGoneEachIsTold) {
  server_.Stop();
  const absl::Status put = Put("key").status();
  EXPECT_TRUE(absl::IsUnavailable(put)) << put;
  EXPECT_THAT(MessageOf(put), HasSubstr("Put"));
  EXPECT_THAT(MessageOf(Delete("key").status()), HasSubstr("Delete"));
  for (int i = 0; i < 100; ++i) PutAsync(absl::StrCat(i));
  for (Answer& answer : answers_) {
    EXPECT_TRUE(absl::IsUnavailable(answer.AwaitStatus())) << answer.AwaitStatus();
  }
}

// --- The client goes.

TEST_F(WriteGathererTest, ItsEndAnswersWhatIsUnderWayAndWhatWaits) {
  HoldTheWay();
  for (int i = 0; i < 1000; ++i) PutAsync(absl::StrCat(i));
  gatherer_.reset();
  for (Answer& answer : answers_) {
    ASSERT_TRUE(answer.there());
    EXPECT_TRUE(absl::IsCancelled(answer.AwaitStatus())) << answer.AwaitStatus();
  }
}

TEST_F(WriteGathererTest, WhatADoneBeginsAtItsEndIsAnsweredToo) {
  HoldTheWay();
  Answer again;
  WriteGatherer* const ending = gatherer_.get();
  ending->WriteAsync(EncodePut("key", "", {}), {}, [&](WriteGatherer::Outcome) {
    ending->WriteAsync(EncodePut("key", "", {}), {}, again.Taker());
  });
  gatherer_.reset();
  ASSERT_TRUE(again.there());
  EXPECT_TRUE(absl::IsCancelled(again.AwaitStatus()));
}

// An answered write leaves nothing behind that the end would have to wait for, or could
// pull from under somebody.
TEST_F(WriteGathererTest, ItMayEndAsSoonAsAWriteIsAnswered) {
  for (int round = 0; round < 200; ++round) {
    NewGatherer({});
    switch (round % 3) {
      case 0:
        EXPECT_TRUE(Put("key").ok());
        break;
      case 1:
        EXPECT_TRUE(PutAsync("key").Await().ok());
        break;
      default:
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
          threads.emplace_back([&] { EXPECT_TRUE(Put("key").ok()); });
        }
        for (std::thread& thread : threads) thread.join();
    }
    gatherer_.reset();
  }
}

TEST_F(WriteGathererTest, OneThatWasNeverUsedEnds) { NewGatherer({}); }

}  // namespace
}  // namespace rcukv::internal
