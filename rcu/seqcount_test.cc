#include "rcu/seqcount.h"

#include <functional>

#include "gtest/gtest.h"

namespace rcu {
namespace {

// Stands for the writers' lock: counts, and does what a writer would that lets go of it.
struct FakeLock {
  void lock_shared() {
    ++locked;
    if (before_lock) before_lock();
    held = true;
  }
  void unlock_shared() { held = false; }

  std::function<void()> before_lock;
  int locked = 0;
  bool held = false;
};

TEST(SeqCount, AReadThatNoWriteSectionOverlapsIsValid) {
  SeqCount count;
  EXPECT_TRUE(count.Validate(count.Sample()));
  { const SeqCount::WriteSection section(count); }
  EXPECT_TRUE(count.Validate(count.Sample()));
}

TEST(SeqCount, AReadThatAWholeWriteSectionFellIntoIsNotValid) {
  SeqCount count;
  const uint64_t sample = count.Sample();
  { const SeqCount::WriteSection section(count); }
  EXPECT_FALSE(count.Validate(sample));
}

TEST(SeqCount, AReadThatEndsInAWriteSectionIsNotValid) {
  SeqCount count;
  const uint64_t sample = count.Sample();
  const SeqCount::WriteSection section(count);
  EXPECT_FALSE(count.Validate(sample));
}

TEST(SeqCount, AReadThatBeginsInAWriteSectionIsNeverValid) {
  SeqCount count;
  uint64_t sample = 0;
  {
    const SeqCount::WriteSection section(count);
    sample = count.Sample();
    EXPECT_TRUE(SeqCount::IsOpen(sample));
    EXPECT_FALSE(count.Validate(sample));
  }
  EXPECT_FALSE(count.Validate(sample));
  EXPECT_FALSE(SeqCount::IsOpen(count.Sample()));
}

TEST(ReadConsistently, ReadsOnceAndTakesNoLockWhereNobodyWrites) {
  const SeqCount count;
  FakeLock lock;
  int reads = 0;
  ReadConsistently(count, lock, [&] { ++reads; });
  EXPECT_EQ(reads, 1);
  EXPECT_EQ(lock.locked, 0);
}

TEST(ReadConsistently, ReadsAgainWhatAWriteSectionOverlapped) {
  SeqCount count;
  FakeLock lock;
  int reads = 0;
  ReadConsistently(count, lock, [&] {
    if (++reads == 1) const SeqCount::WriteSection section(count);
  });
  EXPECT_EQ(reads, 2);
  EXPECT_EQ(lock.locked, 0);
}

TEST(ReadConsistently, TakesTheLockWhereAWriterIsAlwaysInTheWay) {
  SeqCount count;
  FakeLock lock;
  int reads = 0;
  ReadConsistently(count, lock, [&] {
    ++reads;
    if (!lock.held) const SeqCount::WriteSection section(count);
  });
  EXPECT_EQ(reads, kSpeculations + 1);
  EXPECT_EQ(lock.locked, 1);
  EXPECT_FALSE(lock.held);
}

TEST(ReadConsistently, DoesNotReadBesideAnOpenWriteSectionButWaitsForTheLock) {
  SeqCount count;
  FakeLock lock;
  count.BeginWrite();
  lock.before_lock = [&] { count.EndWrite(); };
  int reads = 0;
  ReadConsistently(count, lock, [&] {
    EXPECT_TRUE(lock.held);
    ++reads;
  });
  EXPECT_EQ(reads, 1);
  EXPECT_EQ(lock.locked, 1);
}

}  // namespace
}  // namespace rcu
