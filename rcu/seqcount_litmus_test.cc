// Litmus tests of the sequence count: it beside the variants that must fail.
//
//   writer, round after round          reader
//   count odd                          sample
//   x = round                          see y
//   y = round                          see x
//   count even                         count == sample?
//
// What a reader accepts must have x == y. A machine of the x86 kind reorders neither
// loads with loads nor stores with stores, so taking a fence away shows nothing on it.
// What the fence forbids can be written out all the same: the variants do in program
// order what a weaker machine, or the compiler, may do where that one fence or order is
// missing, and must be seen to fail. That the fences do forbid it is for the model:
// model/seqcount.pml.
//
// Between any two steps both sides dawdle, so that each step meets all of the other
// side's.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <thread>

#include "gtest/gtest.h"
#include "rcu/fence.h"
#include "rcu/seqcount.h"

namespace rcu {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

// Lets the other side take some steps, or none.
class Dawdle {
 public:
  void operator()() {
    for (auto pauses = random_() % 8; pauses > 0; --pauses) SpinPause();
  }

 private:
  std::minstd_rand random_;
};

// What the two sides share; each in a cache line of its own. The data is relaxed: the
// count is under test.
struct Shared {
  struct alignas(64) Cell {
    void Set(uint64_t round) { value.store(round, std::memory_order_relaxed); }
    uint64_t Get() const { return value.load(std::memory_order_relaxed); }
    std::atomic<uint64_t> value{0};
  };
  alignas(64) SeqCount count;
  Cell x;
  Cell y;
};

// A round's steps, in one order or another.
using Writer = void (*)(Shared&, uint64_t round, Dawdle&);

// What a reader has seen and accepted; nothing where it did not accept.
struct Seen {
  uint64_t x = 0;
  uint64_t y = 0;
};
using Reader = std::optional<Seen> (*)(const Shared&, Dawdle&);

// ---- Writers

void Write(Shared& shared, uint64_t round, Dawdle& dawdle) {
  const SeqCount::WriteSection section(shared.count);
  dawdle();
  shared.x.Set(round);
  dawdle();
  shared.y.Set(round);
  dawdle();
}

void WriteUncounted(Shared& shared, uint64_t round, Dawdle& dawdle) {
  shared.x.Set(round);
  dawdle();
  shared.y.Set(round);
  dawdle();
}

// As without the fence of [S1], or with a store-release in its place.
void WriteBeforeTheCountIsOdd(Shared& shared, uint64_t round, Dawdle& dawdle) {
  shared.x.Set(round);
  dawdle();
  const SeqCount::WriteSection section(shared.count);
  dawdle();
  shared.y.Set(round);
  dawdle();
}

// As with [S2] relaxed.
void WriteAfterTheCountIsEven(Shared& shared, uint64_t round, Dawdle& dawdle) {
  {
    const SeqCount::WriteSection section(shared.count);
    dawdle();
    shared.x.Set(round);
    dawdle();
  }
  dawdle();
  shared.y.Set(round);
}

// ---- Readers

std::optional<Seen> Read(const Shared& shared, Dawdle& dawdle) {
  Seen seen;
  const uint64_t sample = shared.count.Sample();
  dawdle();
  seen.y = shared.y.Get();
  dawdle();
  seen.x = shared.x.Get();
  dawdle();
  if (!shared.count.Validate(sample)) return std::nullopt;
  return seen;
}

std::optional<Seen> ReadWithoutValidating(const Shared& shared, Dawdle& dawdle) {
  Seen seen;
  seen.y = shared.y.Get();
  dawdle();
  seen.x = shared.x.Get();
  return seen;
}

// As without the fence of [S4], or with a load-acquire in its place.
std::optional<Seen> ReadAfterValidating(const Shared& shared, Dawdle& dawdle) {
  Seen seen;
  const uint64_t sample = shared.count.Sample();
  dawdle();
  seen.y = shared.y.Get();
  dawdle();
  if (!shared.count.Validate(sample)) return std::nullopt;
  dawdle();
  seen.x = shared.x.Get();
  return seen;
}

// As with [S3] relaxed.
std::optional<Seen> ReadBeforeSampling(const Shared& shared, Dawdle& dawdle) {
  Seen seen;
  seen.y = shared.y.Get();
  dawdle();
  const uint64_t sample = shared.count.Sample();
  dawdle();
  seen.x = shared.x.Get();
  dawdle();
  if (!shared.count.Validate(sample)) return std::nullopt;
  return seen;
}

// A reader that accepts an odd count which has not changed.
std::optional<Seen> ReadInAnOpenSection(const Shared& shared, Dawdle& dawdle) {
  Seen seen;
  const uint64_t sample = shared.count.Sample();
  dawdle();
  seen.y = shared.y.Get();
  dawdle();
  seen.x = shared.x.Get();
  dawdle();
  if (shared.count.Sample() != sample) return std::nullopt;
  return seen;
}

// ---- The harness

struct Outcome {
  uint64_t accepted = 0;
  uint64_t torn = 0;
};

// Until `stop(outcome)`, asked after each read.
template <class Stop>
Outcome Storm(Writer write, Reader read, Stop stop) {
  Shared shared;
  std::atomic<bool> end{false};
  std::thread writer([&] {
    Dawdle dawdle;
    // relaxed: ends the loop, at some time.
    for (uint64_t round = 1; !end.load(std::memory_order_relaxed); ++round) {
      write(shared, round, dawdle);
      dawdle();
    }
  });
  Dawdle dawdle;
  Outcome outcome;
  while (!stop(outcome)) {
    const std::optional<Seen> seen = read(shared, dawdle);
    if (!seen) continue;
    ++outcome.accepted;
    if (seen->x != seen->y) ++outcome.torn;
  }
  end.store(true, std::memory_order_relaxed);
  writer.join();
  return outcome;
}

// Until the first torn read: a matter of moments on two CPUs. A minute is the bound, for
// a machine that does other things as well.
uint64_t TornSoon(Writer write, Reader read) {
  const auto until = steady_clock::now() + seconds(60);
  return Storm(write, read,
               [&](const Outcome& outcome) {
                 return outcome.torn > 0 || steady_clock::now() > until;
               })
      .torn;
}

class SeqCountLitmusTest : public testing::Test {
 protected:
  void SetUp() override {
    if (std::thread::hardware_concurrency() < 2) {
      GTEST_SKIP() << "needs two CPUs: one seldom stops a thread between two steps";
    }
  }
};

TEST_F(SeqCountLitmusTest, WhatIsValidatedIsNotTorn) {
  const auto until = steady_clock::now() + seconds(2);
  const Outcome outcome =
      Storm(Write, Read, [&](const Outcome&) { return steady_clock::now() > until; });
  EXPECT_EQ(outcome.torn, 0u);
  EXPECT_GT(outcome.accepted, 1000u);
}

TEST_F(SeqCountLitmusTest, ReadsAreTornWhereNobodyCounts) {
  EXPECT_GT(TornSoon(WriteUncounted, Read), 0u);
}

TEST_F(SeqCountLitmusTest, ReadsAreTornWhereTheReaderDoesNotValidate) {
  EXPECT_GT(TornSoon(Write, ReadWithoutValidating), 0u);
}

TEST_F(SeqCountLitmusTest, ReadsAreTornWhereAStoreRisesAboveTheOddCount) {
  EXPECT_GT(TornSoon(WriteBeforeTheCountIsOdd, Read), 0u);
}

TEST_F(SeqCountLitmusTest, ReadsAreTornWhereAStoreSinksBelowTheEvenCount) {
  EXPECT_GT(TornSoon(WriteAfterTheCountIsEven, Read), 0u);
}

TEST_F(SeqCountLitmusTest, ReadsAreTornWhereALoadSinksBelowTheComparison) {
  EXPECT_GT(TornSoon(Write, ReadAfterValidating), 0u);
}

TEST_F(SeqCountLitmusTest, ReadsAreTornWhereALoadRisesAboveTheSample) {
  EXPECT_GT(TornSoon(Write, ReadBeforeSampling), 0u);
}

TEST_F(SeqCountLitmusTest, ReadsAreTornWhereAnOddCountIsAccepted) {
  EXPECT_GT(TornSoon(Write, ReadInAnOpenSection), 0u);
}

}  // namespace
}  // namespace rcu
