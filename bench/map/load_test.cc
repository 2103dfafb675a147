#include "bench/map/load.h"

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "bench/map/growth.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

constexpr uint32_t kEntries = 1000;
constexpr double kSeconds = 0.01;

// A table that needs no synchronisation: Put changes nothing that lookups look at once it
// is full. It counts what is asked of it.
class FakeTable {
 public:
  using Member = NoMember<FakeTable>;

  void Put(const Key&, const Value& value) {
    ++puts;
    if (value.words[1] != 0) return;
    marks.push_back(value.words[0]);
    size.store(marks.size());
  }

  template <class Use>
  bool Find(const Key& key, Use use) const {
    ++finds;
    for (uint32_t index = 0; index < kEntries; ++index) {
      if (KeyOf(index) == key && index < size.load()) {
        use(&marks[index]);
        return true;
      }
    }
    return false;
  }

  template <class Use>
  size_t FindMany(std::span<const Key, kGroup> keys, Use use) const {
    ++groups;
    size_t found = 0;
    for (size_t i = 0; i < kGroup; ++i) {
      found += Find(keys[i], [&](const void* value) { use(i, value); });
    }
    return found;
  }

  void Quiesce() {}

  FakeTable() { marks.reserve(kEntries); }

  std::vector<uint64_t> marks;
  std::atomic<size_t> size{0};
  std::atomic<int64_t> puts{0};
  mutable std::atomic<int64_t> finds{0};
  mutable std::atomic<int64_t> groups{0};
};

std::vector<std::vector<Draw>> Draws(const Row& row) {
  std::vector<std::vector<Draw>> draws;
  for (int64_t i = 0; i < row.threads; ++i) {
    const auto seed = static_cast<uint64_t>(i);
    draws.push_back(
        WithUpdates(MakeDraws(row.distribution, kEntries, seed), row.updates, seed));
  }
  return draws;
}

template <class Table>
double RunRow(Table& table, const Row& row) {
  const auto draws = Draws(row);
  return Load<Table>(table, kEntries, row, draws).Measure(kSeconds).per_second;
}

TEST(Fill, PutsEveryKeyOnce) {
  FakeTable table;
  Fill(table, kEntries);
  EXPECT_EQ(table.puts, kEntries);
  EXPECT_EQ(table.marks[kEntries - 1], MarkOf(kEntries - 1));
}

TEST(Load, LooksUpAndUpdatesInTheProportionThatIsAskedFor) {
  FakeTable table;
  Fill(table, kEntries);
  table.puts = 0;
  EXPECT_GT(RunRow(table, {Access::kGet, Distribution::kUniform, 2, 10}), 0);
  const auto puts = static_cast<double>(table.puts);
  EXPECT_NEAR(puts / (puts + static_cast<double>(table.finds)), 0.1, 0.03);
  EXPECT_EQ(table.groups, 0);
}

TEST(Load, ARowWithoutUpdatesMakesNone) {
  FakeTable table;
  Fill(table, kEntries);
  RunRow(table, {Access::kGet, Distribution::kZipf, 1, 0});
  EXPECT_EQ(table.puts, kEntries);
}

TEST(Load, MultiGetsHaveSixteenKeysAndNothingIsFoundOtherwise) {
  FakeTable table;
  Fill(table, kEntries);
  RunRow(table, {Access::kMultiGet, Distribution::kUniform, 1, 10});
  EXPECT_GT(table.groups, 0);
  EXPECT_EQ(table.finds, table.groups * static_cast<int64_t>(kGroup));
}

TEST(Load, KeysThatAreAbsentAreNotFound) {
  FakeTable table;
  Fill(table, kEntries);
  EXPECT_GT(RunRow(table, {Access::kGetAbsent, Distribution::kUniform, 1, 0}), 0);
}

TEST(LoadDeathTest, AValueOfAnotherKeyEndsIt) {
  FakeTable table;
  Fill(table, kEntries);
  table.marks[7] = MarkOf(8);
  for (const Access access : {Access::kGet, Access::kMultiGet}) {
    const Row row = {access, Distribution::kUniform, 1, 0};
    EXPECT_DEATH(RunRow(table, row), "key 7: a lookup did not find what it should");
  }
}

TEST(LoadDeathTest, AKeyThatIsLostEndsIt) {
  FakeTable table;
  Fill(table, kEntries - 1);
  for (const Access access : {Access::kGet, Access::kMultiGet}) {
    const Row row = {access, Distribution::kUniform, 1, 0};
    EXPECT_DEATH(RunRow(table, row), "a lookup did not find what it should");
  }
}

// Which has keys that it should not.
class GenerousTable : public FakeTable {
 public:
  using Member = NoMember<GenerousTable>;

  template <class Use>
  bool Find(const Key&, Use use) const {
    use(&marks[0]);
    return true;
  }
};

TEST(LoadDeathTest, AKeyThatIsFoundButAbsentEndsIt) {
  GenerousTable table;
  Fill(table, kEntries);
  const Row row = {Access::kGetAbsent, Distribution::kUniform, 1, 0};
  EXPECT_DEATH(RunRow(table, row), "a lookup did not find what it should");
}

TEST(Growth, TimesReadsOfWhatWasPutAndGapsWithoutThem) {
  FakeTable table;
  const GrowthResult result = Growth::Run(table, kEntries);
  EXPECT_EQ(table.puts, kEntries);
  EXPECT_EQ(table.finds == 0, result.reads.count() == 0);
  EXPECT_GT(result.seconds, 0);
  EXPECT_EQ(result.entries, kEntries);
}

// A lookup that sleeps, as one that waits for a lock does.
class SleepyTable : public FakeTable {
 public:
  using Member = NoMember<SleepyTable>;

  template <class Use>
  bool Find(const Key& key, Use use) const {
    std::this_thread::sleep_for(std::chrono::microseconds(1));
    return FakeTable::Find(key, use);
  }
};

TEST(Growth, TellsAReaderThatTheTableStopsByItsSleepsAndItsCpuTime) {
  // All writes may be over before the reader begins.
  for (bool has_read = false; !has_read;) {
    SleepyTable table;
    const GrowthResult result = Growth::Run(table, kEntries);
    has_read = table.finds > 0;
    EXPECT_GE(result.reader_sleeps, table.finds);
    if (has_read) {
      EXPECT_GT(result.longest_cpu_ns, 0u);
    }
  }
}

TEST(Growth, EndsWhenItsTimeIsUpAndSaysHowFarItCame) {
  FakeTable table;
  const GrowthResult result = Growth::Run(table, kEntries, std::chrono::seconds(-1));
  EXPECT_GT(result.entries, 0u);
  EXPECT_LT(result.entries, kEntries);
  EXPECT_EQ(table.puts, result.entries);
}

}  // namespace
}  // namespace rcukv::bench
