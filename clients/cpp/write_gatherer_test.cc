#include "clients/cpp/write_gatherer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "clients/cpp/write_gatherer_for_test.h"

namespace rcukv::internal {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

TEST_F(WriteGathererTest, AWriteThatIsAloneIsACallOfItsOwn) {
  const WriteGatherer::Outcome put = Put("key", "value");
  ASSERT_TRUE(put.ok()) << put.status();
  EXPECT_EQ(put->revision, 1u);
  EXPECT_EQ(server_.Contents()["key"], "value");
  const WriteGatherer::Outcome deleted = Delete("key");
  ASSERT_TRUE(deleted.ok()) << deleted.status();
  EXPECT_TRUE(deleted->existed);
  EXPECT_EQ(deleted->revision, 2u);
  EXPECT_FALSE(Delete("key")->existed);
  EXPECT_THAT(server_.Contents(), IsEmpty());
  // A server that does not know BatchWrite would have been as good.
  server_.FailBatchWritesWith([](const v1::BatchWriteRequest&) {
    ADD_FAILURE() << "a BatchWrite";
    return grpc::Status::OK;
  });
  EXPECT_TRUE(PutAsync("key").Await().ok());
}

TEST_F(WriteGathererTest, WritesThatComeWhileCallsAreUnderWayGoTogetherAndInOrder) {
  HoldTheWay();
  std::vector<Answer*> answers;
  for (const char* key : {"a", "b", "c"}) answers.push_back(&PutAsync(key, "1"));
  answers.push_back(&PutAsync("a", "2"));
  server_.Release();
  uint64_t revision = 0;
  for (Answer* answer : answers) {
    ASSERT_TRUE(answer->Await().ok()) << answer->AwaitStatus();
    EXPECT_GT(answer->Await()->revision, revision);
    revision = answer->Await()->revision;
  }
  EXPECT_EQ(server_.Contents()["a"], "2");
  EXPECT_THAT(server_.Writes(), Contains(ElementsAre("a", "b", "c", "a")));
  EXPECT_EQ(server_.max_concurrent_calls(), 2);
}

// Of which one is carried by its own thread.
TEST_F(WriteGathererTest, ThreadsThatWriteAtTheSameTimeShareCalls) {
  constexpr int kThreads = 32;
  server_.Hold();
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      const WriteGatherer::Outcome put = Put(absl::StrCat(i), "value");
      EXPECT_TRUE(put.ok()) << put.status();
    });
  }
  server_.AwaitHeld(2);
  server_.Release();
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(server_.Contents(), SizeIs(kThreads));
  EXPECT_LE(server_.max_concurrent_calls(), 2);
}

TEST_F(WriteGathererTest, WhatThreadsWriteWhileTheWayIsHeldIsOneCall) {
  constexpr int kThreads = 20;
  HoldTheWay();
  std::vector<std::thread> threads;
  std::vector<std::string> keys;
  for (int i = 0; i < kThreads; ++i) {
    keys.push_back(absl::StrCat(i));
    threads.emplace_back([this, key = keys.back()] { EXPECT_TRUE(Put(key).ok()); });
  }
  const size_t bytes = BatchedBytes(EncodePut("0", "", {}));
  while (gatherer_->waiting_bytes() < kThreads * bytes) std::this_thread::yield();
  server_.Release();
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(server_.Writes(), Contains(SizeIs(kThreads)));
}

TEST_F(WriteGathererTest, OneThatIsRefusedDoesNotTouchItsNeighbours) {
  server_.FailPutsWith([](const v1::PutRequest& request) {
    return request.key() == "bad"
               ? grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "memory is full")
               : grpc::Status::OK;
  });
  HoldTheWay();
  Answer& before = PutAsync("before");
  Answer& bad = PutAsync("bad");
  Answer& after = PutAsync("after");
  server_.Release();
  EXPECT_EQ(bad.AwaitStatus(), absl::ResourceExhaustedError("memory is full"));
  EXPECT_TRUE(before.Await().ok());
  EXPECT_TRUE(after.Await().ok());
  EXPECT_THAT(server_.Writes(), Contains(ElementsAre("before", "bad", "after")));
}

TEST_F(WriteGathererTest, AnExpectationIsTheWritesOwn) {
  ASSERT_TRUE(Put("key", "1").ok());
  const auto put = [&](std::optional<uint64_t> expected) {
    return Put("key", "2", {.expected_mod_revision = expected});
  };
  EXPECT_EQ(put(0).status(), absl::FailedPreconditionError("mod_revision is 1"));
  EXPECT_TRUE(put(1).ok());
  EXPECT_TRUE(put(std::nullopt).ok());
  HoldTheWay();
  Answer& stale = PutAsync("key", "3", {.expected_mod_revision = 1});
  Answer& fresh = PutAsync("key", "4", {.expected_mod_revision = 3});
  server_.Release();
  EXPECT_TRUE(absl::IsFailedPrecondition(stale.AwaitStatus()));
  EXPECT_TRUE(fresh.Await().ok());
  EXPECT_EQ(server_.Contents()["key"], "4");
}

TEST_F(WriteGathererTest, WritesOfAnyTablesShareACallAndFailForThemselves) {
  HoldTheWay();
  Answer& here = PutAsync("here");
  Answer& there = PutAsync("there", "", {.table = "fruit"});
  Answer& again = PutAsync("again");
  server_.Release();
  EXPECT_TRUE(here.Await().ok());
  EXPECT_TRUE(again.Await().ok());
  EXPECT_EQ(there.AwaitStatus(), absl::NotFoundError("no table \"fruit\""));
  EXPECT_THAT(server_.Writes(), Contains(ElementsAre("here", "there", "again")));
}

TEST_F(WriteGathererTest, AFullCallDoesNotWait) {
  const size_t most = WriteLimits().writes;
  HoldTheWay();
  for (size_t i = 0; i < most; ++i) PutAsync(absl::StrCat(i));
  server_.AwaitHeld(3);
  server_.Release();
  for (Answer& answer : answers_) EXPECT_TRUE(answer.Await().ok());
  EXPECT_THAT(server_.Writes(), Each(SizeIs(Le(most))));
}

// Full calls of one table, and a small write of another.
TEST_F(WriteGathererTest, ASmallWriteWaitsForNoFullCalls) {
  NewGatherer({.full_calls_in_flight = 2});
  server_.Hold();
  const std::string large(WriteLimits().bytes, 'v');
  for (int i = 0; i < 10; ++i) PutAsync(absl::StrCat(i), large);
  server_.AwaitHeld(2);
  PutAsync("small", "", {.table = "fruit"});
  server_.AwaitHeld(3);
  server_.Release();
  EXPECT_TRUE(absl::IsNotFound(answers_.back().AwaitStatus()));
  answers_.pop_back();
  for (Answer& answer : answers_) EXPECT_TRUE(answer.Await().ok());
  EXPECT_LE(server_.max_concurrent_calls(), 3);
}

// A server whose --max_batch_keys is small.
TEST_F(WriteGathererTest, ACallThatIsTooLargeForTheServerIsSentAgainInSmallerOnes) {
  constexpr int kMost = 3;
  server_.FailBatchWritesWith([](const v1::BatchWriteRequest& request) {
    return request.writes_size() > kMost
               ? grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "writes: too many")
               : grpc::Status::OK;
  });
  HoldTheWay();
  for (int i = 0; i < 20; ++i) PutAsync(absl::StrCat(i));
  server_.Release();
  uint64_t revisions = 0;
  for (Answer& answer : answers_) {
    ASSERT_TRUE(answer.Await().ok()) << answer.AwaitStatus();
    revisions += answer.Await()->revision;
  }
  EXPECT_EQ(revisions, 22u * 23 / 2);  // Each happened once.
  // And the next ones are small enough at once.
  const size_t before = server_.Writes().size();
  HoldTheWay();
  for (int i = 0; i < 20; ++i) PutAsync(absl::StrCat(i));
  server_.Release();
  for (Answer& answer : answers_) EXPECT_TRUE(answer.Await().ok());
  std::vector<std::vector<std::string>> writes = server_.Writes();
  writes.erase(writes.begin(), writes.begin() + before);
  EXPECT_THAT(writes, Each(SizeIs(Le(kMost))));
}

TEST_F(WriteGathererTest, AServerThatDoesNotKnowBatchWriteGetsPutsAndDeletes) {
  int refusals = 0;
  server_.FailBatchWritesWith([&refusals](const v1::BatchWriteRequest&) {
    ++refusals;
    return grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "");
  });
  HoldTheWay();
  for (int i = 0; i < 50; ++i) PutAsync(absl::StrCat(i), "value");
  server_.Release();
  for (Answer& answer : answers_) EXPECT_TRUE(answer.Await().ok());
  EXPECT_EQ(refusals, 1);
  EXPECT_EQ(server_.Contents()["49"], "value");
  // As many at a time as without gathering.
  server_.Hold();
  for (int i = 0; i < 50; ++i) PutAsync(absl::StrCat(i), "again");
  server_.AwaitHeld(8);
  server_.Release();
  for (Answer& answer : answers_) EXPECT_TRUE(answer.Await().ok());
  EXPECT_EQ(server_.Contents()["49"], "again");
  EXPECT_EQ(refusals, 1);
}

TEST_F(WriteGathererTest, AnErrorOfTheCallThatMayHaveDoneSomethingIsEachWritesAndFinal) {
  int calls = 0;
  server_.FailBatchWritesWith([&calls](const v1::BatchWriteRequest&) {
    ++calls;
    return grpc::Status(grpc::StatusCode::UNKNOWN, "odd");
  });
  HoldTheWay();
  Answer& a = PutAsync("a");
  Answer& b = PutAsync("b");
  server_.Release();
  EXPECT_EQ(a.AwaitStatus(), absl::UnknownError("odd"));
  EXPECT_EQ(b.AwaitStatus(), absl::UnknownError("odd"));
  EXPECT_EQ(calls, 1);
}

TEST_F(WriteGathererTest, AnAnswerThatIsShortOfAResultIsAnError) {
  server_.LoseAResult();
  HoldTheWay();
  Answer& a = PutAsync("a");
  Answer& b = PutAsync("b");
  server_.Release();
  EXPECT_TRUE(absl::IsInternal(a.AwaitStatus())) << a.AwaitStatus();
  EXPECT_TRUE(absl::IsInternal(b.AwaitStatus())) << b.AwaitStatus();
}

TEST_F(WriteGathererTest, OneByOneEachIsACallOfItsOwn) {
  NewGatherer(WriteLimits::OneByOne());
  server_.Hold();
  for (const char* key : {"a", "b", "c", "d"}) PutAsync(key);
  server_.AwaitHeld(4);
  server_.Release();
  for (Answer& answer : answers_) EXPECT_TRUE(answer.Await().ok());
  EXPECT_TRUE(Put("e").ok());
  EXPECT_THAT(server_.Writes(),
              UnorderedElementsAre(ElementsAre("a"), ElementsAre("b"), ElementsAre("c"),
                                   ElementsAre("d"), ElementsAre("e")));
}

TEST_F(WriteGathererTest, ADoneMayWriteAgain) {
  absl::BlockingCounter left(100);
  std::function<void(WriteGatherer::Outcome)> again =
      [&, writes = 0](const WriteGatherer::Outcome& outcome) mutable {
        EXPECT_TRUE(outcome.ok()) << outcome.status();
        if (++writes < 100) {
          gatherer_->WriteAsync(EncodePut("key", absl::StrCat(writes), {}), {},
                                [&again](WriteGatherer::Outcome next) { again(next); });
        }
        left.DecrementCount();
      };
  gatherer_->WriteAsync(EncodePut("key", "0", {}), {},
                        [&again](WriteGatherer::Outcome first) { again(first); });
  left.Wait();
  gatherer_.reset();  // Its thread may still be in `again`.
  EXPECT_EQ(server_.Contents()["key"], "99");
}

// Callers that come and go while calls end: nobody is forgotten.
TEST_F(WriteGathererTest, EachOfManyIsAnsweredOnce) {
  constexpr int kThreads = 8;
  constexpr int kWrites = 500;
  absl::BlockingCounter async(kThreads * kWrites);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kWrites; ++i) {
        const std::string key = absl::StrCat(thread, "-", i);
        gatherer_->WriteAsync(EncodePut(key, "async", {}), {},
                              [&](const WriteGatherer::Outcome& done) {
                                EXPECT_TRUE(done.ok()) << done.status();
                                async.DecrementCount();
                              });
        EXPECT_TRUE(Put(absl::StrCat(key, "-blocking")).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  async.Wait();
  EXPECT_THAT(server_.Contents(), SizeIs(2 * kThreads * kWrites));
}

}  // namespace
}  // namespace rcukv::internal
