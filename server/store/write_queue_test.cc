#include "server/store/write_queue.h"

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "server/store/store.h"

namespace rcukv {
namespace {

Write WriteOf(std::string key, size_t value_bytes = 0) {
  return {.key = std::move(key), .value = std::string(value_bytes, 'v')};
}

absl::Status Push(WriteQueue& queue, Write write) { return queue.Push(write); }

std::vector<std::string> KeysTaken(WriteQueue& queue) {
  std::vector<Write> taken;
  queue.TakeAll(taken);
  std::vector<std::string> keys;
  for (const Write& write : taken) keys.push_back(write.key);
  return keys;
}

TEST(WriteQueue, GivesEverythingAtOnceInTheOrderOfPush) {
  WriteQueue queue(1 << 20);
  for (const char* key : {"a", "b", "c"}) EXPECT_TRUE(Push(queue, WriteOf(key)).ok());
  EXPECT_EQ(KeysTaken(queue), (std::vector<std::string>{"a", "b", "c"}));
}

TEST(WriteQueue, RefusesWhatDoesNotFitAndLeavesItAsItWas) {
  const Write write = WriteOf("key", 1000);
  WriteQueue queue(2 * QueuedBytes(write));
  EXPECT_TRUE(Push(queue, write).ok());
  EXPECT_TRUE(Push(queue, write).ok());
  Write refused = write;
  const absl::Status status = queue.Push(refused);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(status.message().substr(0, 24), "too many writes waiting:");
  EXPECT_EQ(refused.key, "key");
}

TEST(WriteQueue, HasRoomAgainOnlyWhenWhatWasTakenIsReleased) {
  const Write write = WriteOf("key", 1000);
  WriteQueue queue(QueuedBytes(write));
  EXPECT_TRUE(Push(queue, write).ok());
  EXPECT_EQ(KeysTaken(queue).size(), 1u);
  EXPECT_FALSE(Push(queue, write).ok());
  queue.Release(QueuedBytes(write));
  EXPECT_TRUE(Push(queue, write).ok());
}

TEST(WriteQueue, AcceptsASingleWriteThatIsOverTheLimit) {
  WriteQueue queue(10);
  EXPECT_TRUE(Push(queue, WriteOf("key", 1000)).ok());
  EXPECT_FALSE(Push(queue, WriteOf("key")).ok());
}

TEST(WriteQueue, AfterCloseGivesWhatIsQueuedAndThenFalse) {
  WriteQueue queue(1 << 20);
  EXPECT_TRUE(Push(queue, WriteOf("a")).ok());
  queue.Close();
  EXPECT_EQ(Push(queue, WriteOf("b")).code(), absl::StatusCode::kUnavailable);
  std::vector<Write> taken;
  EXPECT_TRUE(queue.TakeAll(taken));
  EXPECT_EQ(taken.size(), 1u);
  taken.clear();
  EXPECT_FALSE(queue.TakeAll(taken));
}

TEST(WriteQueue, CloseWakesATakerThatWaits) {
  WriteQueue queue(1 << 20);
  std::thread taker([&queue] {
    std::vector<Write> taken;
    EXPECT_FALSE(queue.TakeAll(taken));
  });
  queue.Close();
  taker.join();
}

TEST(WriteQueue, LosesNoWriteOfManyThreads) {
  constexpr int kThreads = 4;
  constexpr int kWrites = 2000;
  WriteQueue queue(1 << 30);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&queue, thread] {
      for (int i = 0; i < kWrites; ++i) {
        EXPECT_TRUE(Push(queue, WriteOf(std::to_string(thread), i)).ok());
      }
    });
  }
  // By thread: how many came, each in its turn.
  std::vector<int> next(kThreads, 0);
  std::vector<Write> taken;
  for (int received = 0; received < kThreads * kWrites;) {
    ASSERT_TRUE(queue.TakeAll(taken));
    for (const Write& write : taken) {
      EXPECT_EQ(static_cast<int>(write.value->size()), next[std::stoi(write.key)]++);
      ++received;
    }
    taken.clear();
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace rcukv
