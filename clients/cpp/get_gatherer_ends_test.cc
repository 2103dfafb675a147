// How Gets end that are not answered: at deadlines, by refusals, with the server and with
// the client.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cpp/get_gatherer_for_test.h"

namespace rcukv::internal {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// --- Deadlines.

TEST_F(GetGathererTest, AGetThatWaitsGivesUpAtItsDeadlineWhileOthersGoOn) {
  HoldTheWay();
  Answer patient;
  gatherer_->GetAsync(Key(1), {}, patient.Taker());
  const absl::Status status = gatherer_->Get(Key(2), {.timeout = kShort}).status();
  EXPECT_TRUE(absl::IsDeadlineExceeded(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("Get"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("50ms"));
  EXPECT_FALSE(patient.there());
  server_.Release();
  EXPECT_EQ(ValueOf(patient.Await()), "value1");
  EXPECT_EQ(ValueOf(ahead_[0].Await()), "no such key");
}

TEST_F(GetGathererTest, AnAsyncGetIsAnsweredAtItsDeadlineWhileOthersGoOn) {
  HoldTheWay();
  Answer patient, impatient, later;
  gatherer_->GetAsync(Key(1), {}, patient.Taker());
  gatherer_->GetAsync(Key(2), {.timeout = 2 * kShort}, later.Taker());
  gatherer_->GetAsync(Key(2), {.timeout = kShort}, impatient.Taker());
  EXPECT_TRUE(absl::IsDeadlineExceeded(impatient.Await().status()));
  EXPECT_TRUE(absl::IsDeadlineExceeded(later.Await().status()));
  EXPECT_FALSE(patient.there());
  server_.Release();
  EXPECT_EQ(ValueOf(patient.Await()), "value1");
}

TEST_F(GetGathererTest, TheOneWhoPollsPassesPollingOnWhenItGivesUp) {
  // With one call in flight, the others are all behind the one who gives up.
  for (size_t calls_in_flight : {1, 2}) {
    NewGatherer({.calls_in_flight = calls_in_flight});
    server_.Hold();
    std::thread impatient([&] {
      EXPECT_TRUE(
          absl::IsDeadlineExceeded(gatherer_->Get(Key(1), {.timeout = kShort}).status()));
    });
    server_.AwaitHeld(1);
    std::vector<std::thread> patient;
    for (int i = 0; i < 5; ++i) {
      patient.emplace_back([&, i] {
        EXPECT_EQ(ValueOf(gatherer_->Get(Key(i), {})), absl::StrCat("value", i));
      });
    }
    impatient.join();
    server_.Release();
    for (std::thread& thread : patient) thread.join();
  }
}

TEST_F(GetGathererTest, WhatEverybodyHasGivenUpIsCancelledAndDoesNotBlockTheWay) {
  server_.Hold();
  std::vector<std::thread> threads;
  for (int i = 0; i < 5; ++i) {
    threads.emplace_back([&] {
      EXPECT_TRUE(
          absl::IsDeadlineExceeded(gatherer_->Get(Key(1), {.timeout = kShort}).status()));
    });
  }
  for (std::thread& thread : threads) thread.join();
  server_.AwaitNoneHeld();
  server_.Release();
  EXPECT_EQ(ValueOf(gatherer_->Get(Key(1), {})), "value1");
}

TEST_F(GetGathererTest, ADeadlineThatHasPassedIsAnsweredAtOnce) {
  server_.Hold();
  EXPECT_TRUE(absl::IsDeadlineExceeded(
      gatherer_->Get(Key(1), {.timeout = absl::ZeroDuration()}).status()));
  Answer answer;
  gatherer_->GetAsync(Key(1), {.timeout = -kShort}, answer.Taker());
  EXPECT_TRUE(absl::IsDeadlineExceeded(answer.Await().status()));
  EXPECT_TRUE(absl::IsDeadlineExceeded(
      gatherer_->Get(Key(1), {.timeout = -absl::InfiniteDuration()}).status()));
}

// --- Refusals.

TEST_F(GetGathererTest, OneBadKeyFailsOnlyItsOwnGet) {
  server_.FailGetsWith([](const v1::BatchGetRequest& request) {
    for (const std::string& key : request.keys()) {
      if (key == Key(13) || key.empty()) {
        return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "key: bad");
      }
    }
    return grpc::Status::OK;
  });
  HoldTheWay();
  std::vector<Answer> answers(30);
  Answer empty;
  for (int i = 0; i < 30; ++i) gatherer_->GetAsync(Key(i), {}, answers[i].Taker());
  gatherer_->GetAsync("", {}, empty.Taker());
  server_.Release();
  const absl::Status bad = absl::InvalidArgumentError("key: bad");
  for (int i = 0; i < 30; ++i) {
    if (i == 13) {
      EXPECT_EQ(answers[i].Await().status(), bad);
    } else {
      EXPECT_EQ(ValueOf(answers[i].Await()), absl::StrCat("value", i));
    }
  }
  EXPECT_EQ(empty.Await().status(), bad);
}

TEST_F(GetGathererTest, ABatchThatIsRefusedForItsSizeFailsNoGet) {
  server_.FailGetsWith([](const v1::BatchGetRequest& request) {
    return request.keys_size() <= 3
               ? grpc::Status::OK
               : grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "too many");
  });
  HoldTheWay();
  std::vector<Answer> answers(30);
  for (int i = 0; i < 30; ++i) gatherer_->GetAsync(Key(i), {}, answers[i].Taker());
  server_.Release();
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(ValueOf(answers[i].Await()), absl::StrCat("value", i));
  }
}

TEST_F(GetGathererTest, AServerThatHasHadEnoughIsNotAskedAgain) {
  server_.FailGetsWith([](const v1::BatchGetRequest& request) {
    return request.keys_size() == 1
               ? grpc::Status::OK
               : grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "enough");
  });
  HoldTheWay();
  std::vector<Answer> answers(30);
  for (int i = 0; i < 30; ++i) gatherer_->GetAsync(Key(i), {}, answers[i].Taker());
  server_.Release();
  for (Answer& answer : answers) {
    EXPECT_EQ(answer.Await().status(), absl::ResourceExhaustedError("enough"));
  }
  // Once more by a call of its own, as a stream may end for other reasons, too.
  EXPECT_THAT(server_.Reads(), SizeIs(2 + 2));
}

TEST_F(GetGathererTest, ATableThatIsNotThereFailsOnlyItsOwnGets) {
  HoldTheWay();
  Answer missing[3], there;
  for (Answer& answer : missing) {
    gatherer_->GetAsync(Key(1), {.table = "fruit"}, answer.Taker());
  }
  gatherer_->GetAsync(Key(1), {}, there.Taker());
  server_.Release();
  for (Answer& answer : missing) {
    EXPECT_EQ(answer.Await().status(), absl::NotFoundError("no table \"fruit\""));
  }
  EXPECT_EQ(ValueOf(there.Await()), "value1");
}

TEST_F(GetGathererTest, TablesDoNotWaitForOneAnother) {
  HoldTheWay();
  std::vector<Answer> answers(200);
  for (int i = 0; i < 200; ++i) {
    gatherer_->GetAsync(Key(1), {.table = Key(i)}, answers[i].Taker());
  }
  server_.AwaitHeld(202);
  server_.Release();
  for (Answer& answer : answers) EXPECT_TRUE(absl::IsNotFound(answer.Await().status()));
}

// --- Ends.

TEST_F(GetGathererTest, WhenTheServerDiesEveryGetIsAnswered) {
  HoldTheWay();
  std::vector<Answer> answers(30);
  for (int i = 0; i < 30; ++i) gatherer_->GetAsync(Key(i), {}, answers[i].Taker());
  std::vector<std::thread> threads;
  std::atomic<int> begun = 0;
  for (int i = 0; i < 5; ++i) {
    threads.emplace_back([&] {
      ++begun;
      EXPECT_TRUE(absl::IsUnavailable(gatherer_->Get(Key(1), {}).status()));
    });
  }
  while (begun < 5) std::this_thread::yield();
  server_.Stop();
  for (Answer& answer : answers) {
    const absl::Status status = answer.Await().status();
    EXPECT_TRUE(absl::IsUnavailable(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(server_.address()));
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(GetGathererTest, TheDestructorCancelsAndWaits) {
  HoldTheWay();
  std::vector<Answer> answers(30);
  for (int i = 0; i < 30; ++i) gatherer_->GetAsync(Key(i), {}, answers[i].Taker());
  gatherer_.reset();
  for (Answer& answer : ahead_) {
    ASSERT_TRUE(answer.there());
    EXPECT_TRUE(absl::IsCancelled(answer.Await().status()));
  }
  for (Answer& answer : answers) {
    ASSERT_TRUE(answer.there());
    EXPECT_TRUE(absl::IsCancelled(answer.Await().status()));
  }
}

TEST_F(GetGathererTest, AGetFromACallbackOfTheDestructorsIsAnsweredToo) {
  HoldTheWay();
  Answer answer;
  GetGatherer* const gatherer = gatherer_.get();
  gatherer->GetAsync(Key(1), {}, [&](const GetGatherer::Result& result) {
    EXPECT_TRUE(absl::IsCancelled(result.status()));
    gatherer->GetAsync(Key(2), {}, answer.Taker());
  });
  gatherer_.reset();
  ASSERT_TRUE(answer.there());
  EXPECT_TRUE(absl::IsCancelled(answer.Await().status()));
}

TEST_F(GetGathererTest, TheDestructorDoesNotWaitForWhatWasGivenUp) {
  server_.Hold();
  EXPECT_TRUE(
      absl::IsDeadlineExceeded(gatherer_->Get(Key(1), {.timeout = kShort}).status()));
  gatherer_.reset();
}

// --- With Cancel.

TEST_F(GetGathererTest, CancelEndsWhatIsInFlightAndWhatWaitsForIt) {
  NewGatherer({.calls_in_flight = 1});
  server_.Hold();
  std::vector<std::thread> blocked;
  for (int i = 0; i < 5; ++i) {
    blocked.emplace_back([&, i] {
      EXPECT_TRUE(absl::IsCancelled(gatherer_->Get(Key(i), {.timeout = kLong}).status()));
    });
  }
  server_.AwaitHeld(1);
  std::vector<Answer> answers(5);
  for (Answer& answer : answers) gatherer_->GetAsync(Key(1), {}, answer.Taker());
  gatherer_->Cancel();
  for (std::thread& thread : blocked) thread.join();
  for (Answer& answer : answers) {
    EXPECT_TRUE(absl::IsCancelled(answer.Await().status()));
  }
  server_.AwaitNoneHeld();
}

TEST_F(GetGathererTest, AfterCancelNoGetIsAskedFor) {
  gatherer_->Cancel();
  const size_t reads = server_.Reads().size();
  EXPECT_TRUE(absl::IsCancelled(gatherer_->Get(Key(1), {}).status()));
  Answer answer;
  gatherer_->GetAsync(Key(1), {}, answer.Taker());
  EXPECT_TRUE(absl::IsCancelled(answer.Await().status()));
  EXPECT_THAT(server_.Reads(), SizeIs(reads));
}

}  // namespace
}  // namespace rcukv::internal
