#include "rcu/entry.h"

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "rcu/domain.h"
#include "rcu/hash_map.h"
#include "rcu/lock_domain.h"

namespace rcu {
namespace {

constexpr size_t kLarge = Entry::kShareableValueBytes;

// Gives itself away where it is another generation's, or freed memory.
std::string LargeValue(size_t generation) {
  return std::string(kLarge + generation % 100, static_cast<char>('a' + generation % 26));
}
bool IsIntact(const Entry& entry) {
  return entry.value() == LargeValue(entry.mod_revision());
}

TEST(EntryTest, HoldsWhatItWasMadeOf) {
  for (size_t bytes : {size_t{0}, size_t{1}, kLarge - 1, kLarge, 3 * kLarge}) {
    const std::string value(bytes, 'v');
    const EntryPtr plain = Entry::New("key", value, {7, 7, 0});
    EXPECT_EQ(plain->key(), "key");
    EXPECT_EQ(plain->value(), value);
    EXPECT_EQ(plain->mod_revision(), 7u);
    EXPECT_EQ(plain->create_revision(), 7u);
    EXPECT_EQ(plain->expire_time(), 0u);
    const EntryPtr extended = Entry::New("key", value, {7, 5, 9});
    EXPECT_EQ(extended->value(), value);
    EXPECT_EQ(extended->create_revision(), 5u);
    EXPECT_EQ(extended->expire_time(), 9u);
    EXPECT_EQ(extended->allocated_bytes(), plain->allocated_bytes() + 16);
  }
}

TEST(EntryTest, OnlyLargeValuesTakeACount) {
  const EntryPtr small = Entry::New("key", std::string(kLarge - 1, 'v'));
  EXPECT_FALSE(small->shareable());
  EXPECT_EQ(small->allocated_bytes(), 16 + 3 + kLarge - 1);
  const EntryPtr large = Entry::New("key", std::string(kLarge, 'v'));
  EXPECT_TRUE(large->shareable());
  EXPECT_EQ(large->allocated_bytes(), 8 + 16 + 3 + kLarge);
}

TEST(EntryTest, ASharedEntryLivesAsLongAsSomebodyKeepsIt) {
  for (const EntryMeta& meta : {EntryMeta{3, 3, 0}, EntryMeta{3, 2, 1}}) {
    EntryPtr owner = Entry::New("key", LargeValue(3), meta);
    const size_t bytes = owner->allocated_bytes();
    SharedEntry first = owner->Share();
    SharedEntry second = first->Share();
    EXPECT_EQ(Entry::kept_bytes(), 0u);
    owner.reset();
    EXPECT_EQ(Entry::kept_bytes(), bytes);
    EXPECT_TRUE(IsIntact(*first));
    first.reset();
    EXPECT_EQ(Entry::kept_bytes(), bytes);
    EXPECT_TRUE(IsIntact(*second));
    second.reset();
    EXPECT_EQ(Entry::kept_bytes(), 0u);
  }
}

TEST(EntryTest, AnOwnerThatIsTheLastFreesTheEntry) {
  EntryPtr owner = Entry::New("key", LargeValue(1));
  owner->Share();
  owner.reset();
  EXPECT_EQ(Entry::kept_bytes(), 0u);
}

template <class Domain>
class SharedEntryTest : public ::testing::Test {};

struct SharedEntryTag;
using Domains = ::testing::Types<Domain<Mb, SharedEntryTag>, Domain<Memb, SharedEntryTag>,
                                 RwLockDomain<SharedEntryTag>>;
TYPED_TEST_SUITE(SharedEntryTest, Domains);

// Under TSan, or ASan, an entry is freed before somebody's last look at it where [E2]
// does not order the two.
TYPED_TEST(SharedEntryTest, WhatReadersKeepIsIntactAndFreedWithTheLastOfThem) {
  constexpr size_t kGenerations = 2'000;
  constexpr size_t kKept = 8;
  HashMap<TypeParam> map;
  // relaxed, all: flags and counts; join orders them.
  std::atomic<bool> done{false};
  std::atomic<size_t> broken{0};
  const auto share = [&map]() -> SharedEntry {
    typename TypeParam::ReadGuard guard;
    const Entry* entry = map.Find("key");
    return entry == nullptr ? nullptr : entry->Share();
  };
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      std::vector<SharedEntry> kept(kKept);
      for (size_t at = 0; !done.load(std::memory_order_relaxed); at = (at + 1) % kKept) {
        if (kept[at] != nullptr && !IsIntact(*kept[at])) {
          broken.fetch_add(1, std::memory_order_relaxed);
        }
        kept[at] = share();
        std::this_thread::yield();  // Or the writer starves where a lock is not fair.
      }
    });
  }
  for (size_t i = 1; i <= kGenerations; ++i) {
    map.Retire(map.Upsert(Entry::New("key", LargeValue(i), {i, i, 0})));
  }
  done.store(true, std::memory_order_relaxed);
  for (std::thread& reader : readers) reader.join();
  TypeParam::Barrier();
  EXPECT_EQ(broken.load(std::memory_order_relaxed), 0u);
  EXPECT_EQ(Entry::kept_bytes(), 0u);
}

}  // namespace
}  // namespace rcu
