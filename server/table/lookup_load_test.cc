#include "server/table/lookup_load.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "rcu/entry.h"
#include "server/table/flavors_for_test.h"
#include "server/table/protection.h"

namespace rcukv {
namespace {

bool Never() { return false; }

class LookupLoadTest : public FlavorTest {
 protected:
  void SetUp() override {
    FlavorTest::SetUp();
    if (!IsSkipped()) table_ = protection().NewTable("test");
  }

  Table& table() { return *table_; }

  void Fill(size_t count) {
    for (size_t i = 0; i < count; ++i) {
      ASSERT_EQ(table().Upsert(rcu::Entry::New(absl::StrCat("key", i), "value")),
                nullptr);
    }
  }

 private:
  std::unique_ptr<Table> table_;
};

TEST_P(LookupLoadTest, EveryLookupOfATableAtRestHits) {
  Fill(1000);
  for (uint32_t sections_per_key : {0, 1, 3}) {
    const LookupReport report = table().RunLookups({.threads = 2,
                                                    .duration_ms = 20,
                                                    .batch_size = 10,
                                                    .sections_per_key = sections_per_key},
                                                   Never);
    EXPECT_EQ(report.threads, 2u);
    EXPECT_GT(report.lookups, 0u);
    EXPECT_EQ(report.hits, report.lookups);
    EXPECT_GT(report.reader_cpu_ns, 0u);
    EXPECT_GE(report.wall_ns, 20'000'000u);
  }
}

TEST_P(LookupLoadTest, AnEmptyTableAnswersNoLookupsAtOnce) {
  const LookupReport report = table().RunLookups({.duration_ms = 3'600'000}, Never);
  EXPECT_EQ(report.lookups, 0u);
  EXPECT_EQ(report.hits, 0u);
}

TEST_P(LookupLoadTest, ACancelledRunReturnsEarlyWithWhatItDid) {
  Fill(10);
  int asked = 0;
  const LookupReport report =
      table().RunLookups({.duration_ms = 3'600'000}, [&asked] { return ++asked == 3; });
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(report.hits, report.lookups);
}

TEST_P(LookupLoadTest, ZeroesInTheLoadAreTakenAsOne) {
  Fill(1);
  const LookupReport report = table().RunLookups(
      {.threads = 0, .duration_ms = 5, .batch_size = 0, .distinct_keys = 0}, Never);
  EXPECT_EQ(report.threads, 1u);
  EXPECT_EQ(report.hits, report.lookups);
}

TEST_P(LookupLoadTest, ATableThatIsClearedMeanwhileOnlyCostsHits) {
  Fill(10'000);
  bool cleared = false;
  const LookupReport report = table().RunLookups({.duration_ms = 60'000}, [&] {
    if (cleared) return true;
    table().Clear();
    cleared = true;
    return false;
  });
  EXPECT_LE(report.hits, report.lookups);
}

TEST_P(LookupLoadTest, SamplesAsManyDistinctKeysAsAskedFor) {
  Fill(1000);
  const LookupKeys keys(table(), 600, 10);
  EXPECT_EQ(keys.distinct(), 600u);
  std::set<std::string_view> seen;
  for (size_t first = 0; first < keys.distinct(); ++first) {
    seen.insert(keys.Slice(first)[0]);
  }
  EXPECT_EQ(seen.size(), 600u);
}

TEST_P(LookupLoadTest, SlicesGoOnAtTheFirstKeyBehindTheLast) {
  Fill(3);
  const LookupKeys keys(table(), 100, 8);
  ASSERT_EQ(keys.distinct(), 3u);
  for (size_t first = 0; first < 3; ++first) {
    const absl::Span<const std::string_view> slice = keys.Slice(first);
    ASSERT_EQ(slice.size(), 8u);
    for (size_t i = 0; i < slice.size(); ++i) {
      EXPECT_EQ(slice[i], keys.Slice((first + i) % 3)[0]);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Flavors, LookupLoadTest, EveryFlavor(), FlavorOfTest);

TEST(LookupSliceKeys, IsAWholeNumberOfBatches) {
  for (uint32_t batch_size : {1, 100, 128, 10'000}) {
    const size_t keys = LookupSliceKeys({.batch_size = batch_size});
    EXPECT_EQ(keys % batch_size, 0u);
    EXPECT_GE(keys, 1000u);
    EXPECT_LE(keys, 10'000u);
  }
}

TEST(LookupSliceKeys, BoundsTheSectionsOfASlice) {
  for (uint32_t sections : {1, 1000, 100'000}) {
    const size_t keys = LookupSliceKeys({.sections_per_key = sections});
    EXPECT_GE(keys, 1u);
    EXPECT_LE(keys * sections, std::max(sections, 4096u));
  }
}

// Counts the sections that are opened and says whether one is open.
struct CountingDomain {
  struct ReadGuard {
    ReadGuard() { ++sections, ++open; }
    ~ReadGuard() { --open; }
  };
  using WriteGuard = ReadGuard;
  static void Retire(void* object, void (*reclaim)(void*), size_t) { reclaim(object); }
  template <class T>
  static void Retire(T* object, size_t = sizeof(T)) {
    delete object;
  }
  static inline int sections = 0;
  static inline int open = 0;
};

TEST(LookUpSlice, OpensOneSectionABatchOrSoManyAKey) {
  rcu::HashMap<CountingDomain> map;
  ASSERT_EQ(map.Upsert(rcu::Entry::New("a", "value")), nullptr);
  const std::vector<std::string_view> keys = {"a", "b", "a", "a", "c"};

  CountingDomain::sections = 0;
  EXPECT_EQ(LookUpSlice(map, {.batch_size = 2}, keys), 3u);
  EXPECT_EQ(CountingDomain::sections, 3);

  CountingDomain::sections = 0;
  EXPECT_EQ(LookUpSlice(map, {.batch_size = 2, .sections_per_key = 4}, keys), 3u);
  EXPECT_EQ(CountingDomain::sections, 20);
  EXPECT_EQ(CountingDomain::open, 0);
}

}  // namespace
}  // namespace rcukv
