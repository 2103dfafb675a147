#include "clients/cpp/get_gatherer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "clients/cpp/get_gatherer_for_test.h"

namespace rcukv::internal {
namespace {

using ::testing::Each;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

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

}  // namespace
}  // namespace rcukv::internal
