#include "clients/cpp/get_gatherer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "clients/cpp/client.h"
#include "clients/cpp/fake_server.h"

namespace rcukv::internal {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr absl::Duration kShort = absl::Milliseconds(50);
// A test that waits so long fails.
constexpr absl::Duration kLong = absl::Seconds(60);

std::string Key(int i) { return absl::StrCat("key", i); }

// The answer to a GetAsync.
class Answer {
 public:
  GetGatherer::Done Taker() {
    return [this](GetGatherer::Result result) {
      EXPECT_FALSE(done_.HasBeenNotified()) << "answered twice";
      result_ = std::move(result);
      done_.Notify();
    };
  }

  const GetGatherer::Result& Await() {
    EXPECT_TRUE(done_.WaitForNotificationWithTimeout(kLong)) << "not answered";
    return result_;
  }
  bool there() const { return done_.HasBeenNotified(); }

 private:
  absl::Notification done_;
  GetGatherer::Result result_ = std::nullopt;
};

std::string ValueOf(const GetGatherer::Result& result) {
  if (!result.ok()) return result.status().ToString();
  return result->has_value() ? (*result)->value : "no such key";
}

class GetGathererTest : public ::testing::Test {
 protected:
  GetGathererTest() {
    for (int i = 0; i < 100; ++i) {
      EXPECT_TRUE(client_->Put(Key(i), absl::StrCat("value", i)).ok());
    }
  }

  void NewGatherer(const GatherLimits& limits) {
    gatherer_ = std::make_unique<GetGatherer>(
        *Connection::Open(server_.address(), {.call_timeout = kLong}), limits);
  }

  // Puts two Gets in flight, which stay there until Release, so that others have to wait.
  void HoldTheWay() {
    server_.Hold();
    for (Answer& answer : ahead_) gatherer_->GetAsync("ahead", {}, answer.Taker());
    server_.AwaitHeld(2);
  }

  FakeServer server_;
  const std::unique_ptr<Client> client_ = Client::Connect(server_.address()).value();
  Answer ahead_[2];
  std::unique_ptr<GetGatherer> gatherer_ = std::make_unique<GetGatherer>(
      *Connection::Open(server_.address(), {.call_timeout = kLong}), GatherLimits());
};

TEST_F(GetGathererTest, GetsThatComeMeanwhileShareACall) {
  HoldTheWay();
  std::vector<Answer> answers(30);
  for (int i = 0; i < 30; ++i) gatherer_->GetAsync(Key(i), {}, answers[i].Taker());
  server_.Release();
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(ValueOf(answers[i].Await()), absl::StrCat("value", i));
  }
  EXPECT_THAT(server_.Reads(), UnorderedElementsAre(SizeIs(1), SizeIs(1), SizeIs(30)));
}

TEST_F(GetGathererTest, ALoneGetIsAskedForAtOnce) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(ValueOf(gatherer_->Get(Key(i), {})), absl::StrCat("value", i));
  }
  EXPECT_THAT(server_.Reads(), SizeIs(10));
  EXPECT_EQ(server_.streams(), 1);
  EXPECT_EQ(server_.unary_reads(), 0);
}

TEST_F(GetGathererTest, AKeyThatDoesNotExistIsNoError) {
  EXPECT_EQ(ValueOf(gatherer_->Get("none", {})), "no such key");
}

TEST_F(GetGathererTest, ManyThreadsGetTheirOwnValues) {
  constexpr int kThreads = 50;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 100; ++i) {
        const int key = (thread * 31 + i * 7) % 100;
        ASSERT_EQ(ValueOf(gatherer_->Get(Key(key), {})), absl::StrCat("value", key));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LT(server_.Reads().size(), size_t{kThreads} * 100) << "nothing was gathered";
}

TEST_F(GetGathererTest, ThreadsThatBlockAndCallersThatDoNotMix) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 100; ++i) {
        const int key = (thread * 31 + i * 7) % 100;
        const std::string value = absl::StrCat("value", key);
        if (i % 3 == 0) {
          Answer answer;
          gatherer_->GetAsync(Key(key), {}, answer.Taker());
          ASSERT_EQ(ValueOf(answer.Await()), value);
        } else {
          ASSERT_EQ(ValueOf(gatherer_->Get(Key(key), {})), value);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// Gets key after key, each from the callback of the one before.
void GetFrom(int key, GetGatherer* gatherer, absl::Notification* end) {
  if (key == 100) return end->Notify();
  gatherer->GetAsync(Key(key), {}, [=](GetGatherer::Result result) {
    EXPECT_EQ(ValueOf(result), absl::StrCat("value", key));
    GetFrom(key + 1, gatherer, end);
  });
}

TEST_F(GetGathererTest, ACallbackMayGetTheNext) {
  absl::Notification ends[5];
  for (absl::Notification& end : ends) GetFrom(0, gatherer_.get(), &end);
  for (absl::Notification& end : ends) {
    EXPECT_TRUE(end.WaitForNotificationWithTimeout(kLong));
  }
}

TEST_F(GetGathererTest, AGetSeesTheWriteThatWasAnsweredBeforeIt) {
  // Others keep calls in flight all the time.
  std::atomic<bool> stop = false;
  std::thread others([&] {
    while (!stop) (void)gatherer_->Get(Key(1), {});
  });
  for (int i = 0; i < 200; ++i) {
    const std::string value = absl::StrCat("new", i);
    ASSERT_TRUE(client_->Put("changing", value).ok());
    ASSERT_EQ(ValueOf(gatherer_->Get("changing", {})), value);
  }
  stop = true;
  others.join();
}

// --- BatchGet.

std::vector<std::string> Keys(int first, int count) {
  std::vector<std::string> keys;
  for (int i = first; i < first + count; ++i) keys.push_back(Key(i));
  return keys;
}

void ExpectValues(const GetGatherer::Results& results, int first, size_t count) {
  ASSERT_TRUE(results.ok()) << results.status();
  ASSERT_THAT(*results, SizeIs(count));
  for (size_t i = 0; i < count; ++i) {
    const std::optional<Value>& value = (*results)[i];
    ASSERT_TRUE(value.has_value()) << i;
    EXPECT_EQ(value->value, absl::StrCat("value", first + i));
  }
}

TEST_F(GetGathererTest, ThreadsThatGetAndBatchGetShareCallsAndHaveTheirOwnValues) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 16; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 50; ++i) {
        const int first = (thread * 31 + i * 7) % 80;
        ExpectValues(gatherer_->BatchGet(Keys(first, 1 + i % 20), {}), first, 1 + i % 20);
        ASSERT_EQ(ValueOf(gatherer_->Get(Key(first), {})), absl::StrCat("value", first));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LT(server_.Reads().size(), size_t{16} * 50 * 2) << "nothing was gathered";
}

TEST_F(GetGathererTest, KeysThatDoNotExistAreNothingInTheirPlaces) {
  const GetGatherer::Results results =
      gatherer_->BatchGet(std::vector<std::string>{"none", Key(1), "none"}, {});
  ASSERT_TRUE(results.ok()) << results.status();
  ASSERT_THAT(*results, SizeIs(3));
  EXPECT_FALSE((*results)[0].has_value());
  EXPECT_EQ((*results)[1]->value, "value1");
  EXPECT_FALSE((*results)[2].has_value());
}

TEST_F(GetGathererTest, ABatchGetIsRefusedAsAWholeAndOthersAreNot) {
  server_.FailGetsWith([](const v1::BatchGetRequest& request) {
    for (const std::string& key : request.keys()) {
      if (key == "bad") return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "bad");
    }
    return grpc::Status::OK;
  });
  HoldTheWay();
  std::vector<Answer> answers(20);
  for (int i = 0; i < 20; ++i) gatherer_->GetAsync(Key(i), {}, answers[i].Taker());
  absl::Notification good;
  gatherer_->BatchGetAsync(Keys(0, 9), {}, [&good](GetGatherer::Results results) {
    ExpectValues(results, 0, 9);
    good.Notify();
  });
  absl::Notification bad;
  const std::vector<std::string> bad_keys = {Key(1), "bad", Key(2)};
  gatherer_->BatchGetAsync(bad_keys, {}, [&bad](GetGatherer::Results results) {
    EXPECT_EQ(results.status(), absl::InvalidArgumentError("bad"));
    bad.Notify();
  });
  server_.Release();
  EXPECT_TRUE(good.WaitForNotificationWithTimeout(kLong));
  EXPECT_TRUE(bad.WaitForNotificationWithTimeout(kLong));
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(ValueOf(answers[i].Await()), absl::StrCat("value", i));
  }
  std::vector<size_t> sizes_with_bad;
  for (const std::vector<std::string>& read : server_.Reads()) {
    if (std::find(read.begin(), read.end(), "bad") != read.end()) {
      sizes_with_bad.push_back(read.size());
    }
  }
  EXPECT_THAT(sizes_with_bad, Contains(32)) << "it was not asked for with others";
  EXPECT_THAT(sizes_with_bad, Contains(3)) << "it was not asked for alone";
  EXPECT_THAT(sizes_with_bad, Each(Ge(3))) << "it was parted";
}

TEST_F(GetGathererTest, ABatchGetWithAKeyThatIsRefusedAsARuleGoesAlone) {
  HoldTheWay();
  Answer other;
  gatherer_->GetAsync(Key(1), {}, other.Taker());
  const std::vector<std::string> empty = {Key(2), "", Key(3)};
  const std::vector<std::string> longer = {Key(2), std::string(5000, 'k')};
  absl::Notification done[2];
  gatherer_->BatchGetAsync(empty, {}, [&](GetGatherer::Results) { done[0].Notify(); });
  gatherer_->BatchGetAsync(longer, {}, [&](GetGatherer::Results) { done[1].Notify(); });
  server_.Release();
  EXPECT_TRUE(done[0].WaitForNotificationWithTimeout(kLong));
  EXPECT_TRUE(done[1].WaitForNotificationWithTimeout(kLong));
  EXPECT_EQ(ValueOf(other.Await()), "value1");
  EXPECT_THAT(server_.Reads(), AllOf(Contains(empty), Contains(longer)));
}

TEST_F(GetGathererTest, ABatchGetThatDoesNotBlockSharesACallWithOthers) {
  HoldTheWay();
  Answer one;
  gatherer_->GetAsync(Key(1), {}, one.Taker());
  absl::Notification done[3];
  for (int i = 0; i < 3; ++i) {
    gatherer_->BatchGetAsync(Keys(10 * i, 10), {},
                             [&done, i](GetGatherer::Results results) {
                               ExpectValues(results, 10 * i, 10);
                               done[i].Notify();
                             });
  }
  server_.Release();
  EXPECT_EQ(ValueOf(one.Await()), "value1");
  for (const absl::Notification& notification : done) {
    EXPECT_TRUE(notification.WaitForNotificationWithTimeout(kLong));
  }
  EXPECT_THAT(server_.Reads(), UnorderedElementsAre(SizeIs(1), SizeIs(1), SizeIs(31)));
}

TEST_F(GetGathererTest, ABatchGetThatDoesNotBlockIsAnsweredAtItsDeadline) {
  HoldTheWay();
  absl::Notification done;
  gatherer_->BatchGetAsync(
      Keys(0, 3), {.timeout = kShort}, [&done](GetGatherer::Results results) {
        EXPECT_TRUE(absl::IsDeadlineExceeded(results.status()));
        EXPECT_THAT(std::string(results.status().message()), HasSubstr("BatchGet"));
        done.Notify();
      });
  EXPECT_TRUE(done.WaitForNotificationWithTimeout(kLong));
  server_.Release();
}

TEST_F(GetGathererTest, ABatchGetEndsAtItsDeadlineUnderItsOwnName) {
  HoldTheWay();
  const absl::Status status =
      gatherer_->BatchGet(Keys(0, 3), {.timeout = kShort}).status();
  EXPECT_TRUE(absl::IsDeadlineExceeded(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("BatchGet"));
  server_.Release();
}

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

// --- Streams.

TEST_F(GetGathererTest, AStreamThatEndedMeanwhileIsReplaced) {
  server_.EndStreamsAfter(2);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(ValueOf(gatherer_->Get(Key(i), {})), absl::StrCat("value", i));
  }
  EXPECT_GE(server_.streams(), 5);
}

TEST_F(GetGathererTest, WhereStreamsAreNotKnownCallsAreMadeWithoutThem) {
  server_.EndStreamsAfter(0);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(ValueOf(gatherer_->Get(Key(i), {})), absl::StrCat("value", i));
  }
  EXPECT_EQ(server_.streams(), 3);
  EXPECT_EQ(server_.unary_reads(), 20);
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

TEST_F(GetGathererTest, WithALimitOfOneKeyNothingIsGathered) {
  NewGatherer({.calls_in_flight = 100, .keys = 1});
  server_.Hold();
  std::vector<Answer> answers(10);
  for (int i = 0; i < 10; ++i) gatherer_->GetAsync(Key(i), {}, answers[i].Taker());
  server_.AwaitHeld(10);
  server_.Release();
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(ValueOf(answers[i].Await()), absl::StrCat("value", i));
  }
  EXPECT_THAT(server_.Reads(), Each(SizeIs(1)));
  EXPECT_EQ(server_.streams(), 0);
}

}  // namespace
}  // namespace rcukv::internal
