// Our own tables behind their adapters: what the loads rely on.
#include <cstdint>
#include <set>
#include <vector>

#include "bench/map/data.h"
#include "bench/map/limit_table.h"
#include "bench/map/load.h"
#include "bench/map/rcukv_table.h"
#include "gtest/gtest.h"
#include "rcu/domain.h"

namespace rcukv::bench {
namespace {

// In buckets for a few, so that many overflow.
constexpr uint32_t kEntries = 2000;
constexpr size_t kRoom = 100;

template <class Table>
class AdapterTest : public testing::Test {
 protected:
  AdapterTest() { Fill(table_, kEntries); }

  // 0: it is not there.
  uint64_t MarkFound(uint32_t index) {
    uint64_t mark = 0;
    const bool found =
        table_.Find(KeyOf(index), [&](const void* value) { mark = MarkOfValue(value); });
    EXPECT_EQ(found, mark != 0);
    return mark;
  }

  Table table_{kRoom};
};

using Tables = testing::Types<RcukvTable<rcu::MembDomain>, LimitTable>;
TYPED_TEST_SUITE(AdapterTest, Tables);

TYPED_TEST(AdapterTest, EveryKeyIsFoundWithItsValueAndNoOther) {
  for (uint32_t index = 0; index < kEntries; ++index) {
    EXPECT_EQ(this->MarkFound(index), MarkOf(index));
    EXPECT_EQ(this->MarkFound(index + kEntries), 0u);
  }
}

TYPED_TEST(AdapterTest, AnUpdateReplacesTheValue) {
  for (uint32_t index = 0; index < kEntries; ++index) {
    this->table_.Put(KeyOf(index), ValueOf(index + 1, 1));
    EXPECT_EQ(this->MarkFound(index), MarkOf(index + 1));
  }
  this->table_.Settle();
}

TYPED_TEST(AdapterTest, FindManyFindsThoseOfTheKeysThatAreThere) {
  for (uint32_t first = 0; first < kEntries; first += kGroup) {
    std::array<Key, kGroup> keys;
    // The last four of the last group are absent.
    for (uint32_t i = 0; i < kGroup; ++i) keys[i] = KeyOf(first + 4 + i);
    std::set<size_t> found;
    const size_t count = this->table_.FindMany(
        std::span<const Key, kGroup>(keys), [&](size_t i, const void* value) {
          found.insert(i);
          EXPECT_EQ(MarkOfValue(value), MarkOf(first + 4 + static_cast<uint32_t>(i)));
        });
    EXPECT_EQ(count, first + kGroup < kEntries ? kGroup : kGroup - 4);
    EXPECT_EQ(found.size(), count);
  }
}

}  // namespace
}  // namespace rcukv::bench
