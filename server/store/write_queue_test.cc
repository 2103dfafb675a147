#include "server/store/write_queue.h"

#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "server/store/store.h"
#include "server/store/transaction.h"

namespace rcukv {
namespace {

Write WriteOf(std::string key, size_t value_bytes = 0) {
  return {.key = std::move(key), .value = std::string(value_bytes, 'v')};
}

absl::Status Push(WriteQueue& queue, Write write) { return queue.Push(write); }

std::vector<std::string> KeysTaken(WriteQueue& queue) {
  std::vector<QueuedWrite> taken;
  queue.TakeAll(taken);
  std::vector<std::string> keys;
  for (const QueuedWrite& write : taken) keys.push_back(std::get<Write>(write).key);
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

TEST(WriteQueue, TakesOfSeveralTheFirstOnesThatThereIsRoomFor) {
  std::vector<Write> writes = {WriteOf("a", 1000), WriteOf("b", 1000), WriteOf("c", 1000),
                               WriteOf("small")};
  WriteQueue queue(2 * QueuedBytes(writes[0]));
  absl::Span<Write> rest = absl::MakeSpan(writes);
  const absl::Status status = queue.PushAll(&rest);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  ASSERT_EQ(rest.size(), 2u);
  EXPECT_EQ(rest[0].key, "c");
  EXPECT_EQ(KeysTaken(queue), (std::vector<std::string>{"a", "b"}));
}

TEST(WriteQueue, TakesAllOfSeveralWhereThereIsRoom) {
  std::vector<Write> writes = {WriteOf("a"), WriteOf("b")};
  WriteQueue queue(1 << 20);
  absl::Span<Write> rest = absl::MakeSpan(writes);
  EXPECT_TRUE(queue.PushAll(&rest).ok());
  EXPECT_TRUE(rest.empty());
  EXPECT_TRUE(queue.PushAll(&rest).ok());
  EXPECT_EQ(KeysTaken(queue), (std::vector<std::string>{"a", "b"}));
  queue.Close();
  rest = absl::MakeSpan(writes);
  EXPECT_EQ(queue.PushAll(&rest).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(rest.size(), 2u);
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
  std::vector<QueuedWrite> taken;
  EXPECT_TRUE(queue.TakeAll(taken));
  EXPECT_EQ(taken.size(), 1u);
  taken.clear();
  EXPECT_FALSE(queue.TakeAll(taken));
}

TEST(WriteQueue, KeepsWritesAndTransactionsInOneOrder) {
  WriteQueue queue(1 << 20);
  Transaction transaction = {.success = {Transaction::Put{"b", "2"}}};
  EXPECT_TRUE(Push(queue, WriteOf("a")).ok());
  EXPECT_TRUE(queue.Push(transaction).ok());
  EXPECT_TRUE(Push(queue, WriteOf("c")).ok());
  std::vector<QueuedWrite> taken;
  queue.TakeAll(taken);
  ASSERT_EQ(taken.size(), 3u);
  EXPECT_EQ(std::get<Write>(taken[0]).key, "a");
  EXPECT_EQ(std::get<Transaction>(taken[1]).success.size(), 1u);
  EXPECT_EQ(std::get<Write>(taken[2]).key, "c");
}

TEST(WriteQueue, ATransactionTakesWhatItsPartsDo) {
  const std::string value(1000, 'v');
  using Compare = Transaction::Compare;
  const size_t empty = QueuedBytes(Transaction{});
  EXPECT_GE(QueuedBytes(
                Transaction{.compares = {{.key = "k", .target = Compare::Value{value}}}}),
            empty + 1001);
  EXPECT_GE(QueuedBytes(Transaction{.success = {Transaction::Put{"k", value}}}),
            empty + 1001);
  EXPECT_GE(QueuedBytes(Transaction{.failure = {Transaction::Get{value}}}), empty + 1000);
  EXPECT_GE(QueuedBytes(Transaction{.failure = {Transaction::Delete{value}}}),
            empty + 1000);
  WriteQueue queue(10);
  EXPECT_TRUE(Push(queue, WriteOf("key")).ok());
  Transaction refused = {.success = {Transaction::Put{"k", value}}};
  EXPECT_EQ(queue.Push(refused).code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(refused.success.size(), 1u);
}

TEST(WriteQueue, CloseWakesATakerThatWaits) {
  WriteQueue queue(1 << 20);
  std::thread taker([&queue] {
    std::vector<QueuedWrite> taken;
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
  std::vector<QueuedWrite> taken;
  for (int received = 0; received < kThreads * kWrites;) {
    ASSERT_TRUE(queue.TakeAll(taken));
    for (const QueuedWrite& queued : taken) {
      const Write& write = std::get<Write>(queued);
      EXPECT_EQ(static_cast<int>(write.value->size()), next[std::stoi(write.key)]++);
      ++received;
    }
    taken.clear();
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace rcukv
