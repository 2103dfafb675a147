// The map under readers, writers and scans at once, from tiny arrays on, so that growth
// is always under way.
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "rcu/domain.h"
#include "rcu/hash_map.h"
#include "rcu/lock_domain.h"

namespace rcu {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

milliseconds Duration() {
  const char* text = std::getenv("RCU_TORTURE_MS");
  return milliseconds(text == nullptr ? 700 : std::atoi(text));
}

std::string Key(uint64_t i) { return "key-" + std::to_string(i); }

// A value that tells the key and generation it belongs to, three times over.
std::string Value(uint64_t key, uint64_t generation) {
  const std::string once = std::to_string(key) + ":" + std::to_string(generation) + "|";
  return once + once + once;
}

// The generation of a whole value of `key`, or -1.
int64_t GenerationOf(std::string_view value, uint64_t key) {
  const size_t third = value.size() / 3;
  if (third == 0 || value.size() % 3 != 0) return -1;
  if (value.substr(0, third) != value.substr(third, third)) return -1;
  if (value.substr(0, third) != value.substr(2 * third)) return -1;
  const std::string prefix = std::to_string(key) + ":";
  if (value.substr(0, prefix.size()) != prefix) return -1;
  int64_t generation = -1;
  std::from_chars(value.data() + prefix.size(), value.data() + third, generation);
  return generation;
}

// Retires an entry so that whoever still reads it reads poison.
template <class Domain>
void PoisonAndRetire(const Entry* entry) {
  if (entry == nullptr) return;
  Domain::Retire(
      const_cast<Entry*>(entry),
      [](void* retired) {
        const auto* dead = static_cast<const Entry*>(retired);
        memset(const_cast<char*>(dead->value().data()), 0xdd, dead->value().size());
        EntryDeleter()(dead);
      },
      entry->allocated_bytes());
}

template <class Domain>
class HashMapConcurrencyTest : public testing::Test {
 protected:
  void TearDown() override { Domain::Barrier(); }
};
using Domains = testing::Types<MbDomain, MembDomain, LockDomain>;
TYPED_TEST_SUITE(HashMapConcurrencyTest, Domains);

// Each key has one writer, which counts generations up and announces them: a reader that
// starts after a write returned must not see an older one, or none.
TYPED_TEST(HashMapConcurrencyTest, AReaderSeesEveryWriteThatReturnedBefore) {
  constexpr uint64_t kKeys = 64;
  constexpr int kWriters = 2;
  constexpr int kReaders = 2;
  const auto until = steady_clock::now() + Duration();
  std::atomic<uint64_t> reads{0};
  std::atomic<uint64_t> broken{0};
  std::atomic<uint64_t> stale{0};
  do {
    // A new map each round: it is the growing that is dangerous.
    HashMap<TypeParam> map;
    std::vector<std::atomic<int64_t>> newest(kKeys);
    for (uint64_t key = 0; key < kKeys; ++key) {
      ASSERT_EQ(map.Upsert(Entry::New(Key(key), Value(key, 0))), nullptr);
    }
    std::atomic<int> writing{kWriters};
    std::vector<std::thread> threads;
    for (int w = 0; w < kWriters; ++w) {
      threads.emplace_back([&, w] {
        std::minstd_rand random(static_cast<unsigned>(w + 1));
        for (uint64_t i = 0; i < 400; ++i) {
          const auto key =
              static_cast<uint64_t>(w) + kWriters * (random() % (kKeys / kWriters));
          const int64_t generation = newest[key].load(std::memory_order_relaxed) + 1;
          PoisonAndRetire<TypeParam>(map.Upsert(
              Entry::New(Key(key), Value(key, static_cast<uint64_t>(generation)))));
          newest[key].store(generation, std::memory_order_release);
          // Further keys, to make the map grow under them.
          const uint64_t filler = kKeys + i * kWriters + static_cast<uint64_t>(w);
          PoisonAndRetire<TypeParam>(
              map.Upsert(Entry::New(Key(filler), Value(filler, 0))));
        }
        writing.fetch_sub(1, std::memory_order_release);
      });
    }
    for (int r = 0; r < kReaders; ++r) {
      threads.emplace_back([&, r] {
        std::minstd_rand random(static_cast<unsigned>(r + 50));
        uint64_t mine = 0;
        while (writing.load(std::memory_order_acquire) != 0) {
          const uint64_t key = random() % kKeys;
          const int64_t at_least = newest[key].load(std::memory_order_acquire);
          const std::string name = Key(key);
          typename TypeParam::ReadGuard guard;
          const Entry* entry = map.Find(name);
          if (entry == nullptr) {
            stale.fetch_add(1, std::memory_order_relaxed);
            continue;
          }
          int64_t generation = GenerationOf(entry->value(), key);
          if (random() % 32 == 0) {
            sched_yield();
            generation = GenerationOf(entry->value(), key);
          }
          if (generation < 0) {
            broken.fetch_add(1, std::memory_order_relaxed);
          } else if (generation < at_least) {
            stale.fetch_add(1, std::memory_order_relaxed);
          }
          ++mine;
        }
        reads.fetch_add(mine, std::memory_order_relaxed);
      });
    }
    for (auto& thread : threads) thread.join();
  } while (steady_clock::now() < until);
  EXPECT_GT(reads.load(std::memory_order_relaxed), 0u);
  EXPECT_EQ(broken.load(std::memory_order_relaxed), 0u);
  EXPECT_EQ(stale.load(std::memory_order_relaxed), 0u);
}

TYPED_TEST(HashMapConcurrencyTest, GrowthUnderLoadLosesAndDoublesNothing) {
  constexpr int kWriters = 3;
  constexpr uint64_t kKeysEach = 20'000;
  HashMap<TypeParam> map;
  std::vector<std::atomic<uint64_t>> inserted(kWriters);
  std::atomic<int> writing{kWriters};
  std::atomic<uint64_t> missed{0};
  std::atomic<uint64_t> doubled{0};
  const auto key_of = [](uint64_t w, uint64_t i) { return i * kWriters + w; };

  std::vector<std::thread> threads;
  for (uint64_t w = 0; w < kWriters; ++w) {
    threads.emplace_back([&, w] {
      for (uint64_t i = 0; i < kKeysEach; ++i) {
        const uint64_t key = key_of(w, i);
        if (map.Upsert(Entry::New(Key(key), Value(key, 0))) != nullptr) {
          doubled.fetch_add(1, std::memory_order_relaxed);
        }
        inserted[w].store(i + 1, std::memory_order_release);
      }
      writing.fetch_sub(1, std::memory_order_release);
    });
  }
  threads.emplace_back([&] {  // Finds what is in.
    std::minstd_rand random(3);
    while (writing.load(std::memory_order_acquire) != 0) {
      const uint64_t w = random() % kWriters;
      const uint64_t count = inserted[w].load(std::memory_order_acquire);
      if (count == 0) continue;
      const uint64_t key = key_of(w, random() % count);
      const std::string name = Key(key);
      typename TypeParam::ReadGuard guard;
      const Entry* entry = map.Find(name);
      if (entry == nullptr || GenerationOf(entry->value(), key) != 0) {
        missed.fetch_add(1, std::memory_order_relaxed);
      }
    }
  });
  threads.emplace_back([&] {  // Scans: all that was in before, each once.
    while (writing.load(std::memory_order_acquire) != 0) {
      std::vector<uint64_t> before;
      for (auto& count : inserted)
        before.push_back(count.load(std::memory_order_acquire));
      std::vector<bool> seen(kWriters * kKeysEach);
      uint64_t cursor = 0;
      do {
        cursor = map.Scan(cursor, 64, [&](const Entry& entry) {
          uint64_t key = 0;
          const std::string_view name = entry.key().substr(4);
          std::from_chars(name.data(), name.data() + name.size(), key);
          if (seen[key]) doubled.fetch_add(1, std::memory_order_relaxed);
          seen[key] = true;
          return true;
        });
      } while (cursor != 0);
      for (uint64_t w = 0; w < kWriters; ++w) {
        for (uint64_t i = 0; i < before[w]; ++i) {
          if (!seen[key_of(w, i)]) missed.fetch_add(1, std::memory_order_relaxed);
        }
      }
    }
  });
  for (auto& thread : threads) thread.join();

  EXPECT_EQ(missed.load(std::memory_order_relaxed), 0u);
  EXPECT_EQ(doubled.load(std::memory_order_relaxed), 0u);
  EXPECT_EQ(map.size(), kWriters * kKeysEach);
  typename TypeParam::ReadGuard guard;
  for (uint64_t key = 0; key < kWriters * kKeysEach; ++key) {
    ASSERT_NE(map.Find(Key(key)), nullptr) << key;
  }
}

// Writers fill and empty the map by turns, each its own keys, of which some always stay:
// these are found by lookups and by groups of them, and by each scan once.
TYPED_TEST(HashMapConcurrencyTest, WavesOfGrowingAndShrinkingLoseAndDoubleNothing) {
  constexpr uint64_t kStay = 32;
  constexpr uint64_t kWriters = 2;
  constexpr uint64_t kKeysEach = 3'000;
  HashMap<TypeParam> map;
  for (uint64_t key = 0; key < kStay; ++key) {
    ASSERT_EQ(map.Upsert(Entry::New(Key(key), Value(key, 0))), nullptr);
  }
  std::atomic<uint64_t> writing{kWriters};
  std::atomic<uint64_t> lost{0};
  std::atomic<uint64_t> doubled{0};
  const auto until = steady_clock::now() + Duration();
  std::vector<std::thread> threads;
  for (uint64_t w = 0; w < kWriters; ++w) {
    threads.emplace_back([&, w] {
      const uint64_t first = kStay + w * kKeysEach;
      do {
        for (uint64_t key = first; key < first + kKeysEach; ++key) {
          if (map.Upsert(Entry::New(Key(key), Value(key, 0))) != nullptr) {
            doubled.fetch_add(1, std::memory_order_relaxed);
          }
        }
        for (uint64_t key = first; key < first + kKeysEach; ++key) {
          const Entry* out = map.Unlink(Key(key));
          if (out == nullptr) lost.fetch_add(1, std::memory_order_relaxed);
          PoisonAndRetire<TypeParam>(out);
        }
      } while (steady_clock::now() < until);
      writing.fetch_sub(1, std::memory_order_release);
    });
  }
  threads.emplace_back([&] {
    std::vector<std::string> names;
    for (uint64_t key = 0; key < kStay; ++key) names.push_back(Key(key));
    const std::vector<std::string_view> keys(names.begin(), names.end());
    std::vector<const Entry*> entries(kStay);
    while (writing.load(std::memory_order_acquire) != 0) {
      typename TypeParam::ReadGuard guard;
      map.MultiGet(keys, entries);
      for (uint64_t key = 0; key < kStay; ++key) {
        const Entry* alone = map.Find(keys[key]);
        for (const Entry* entry : {entries[key], alone}) {
          if (entry == nullptr || GenerationOf(entry->value(), key) != 0) {
            lost.fetch_add(1, std::memory_order_relaxed);
          }
        }
      }
    }
  });
  threads.emplace_back([&] {
    while (writing.load(std::memory_order_acquire) != 0) {
      std::vector<int> seen(kStay);
      uint64_t cursor = 0;
      do {
        cursor = map.Scan(cursor, 4, [&](const Entry& entry) {
          uint64_t key = 0;
          const std::string_view name = entry.key().substr(4);
          std::from_chars(name.data(), name.data() + name.size(), key);
          if (key < kStay) ++seen[key];
          return true;
        });
      } while (cursor != 0);
      for (int times : seen) {
        if (times < 1) lost.fetch_add(1, std::memory_order_relaxed);
        if (times > 1) doubled.fetch_add(1, std::memory_order_relaxed);
      }
    }
  });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(lost.load(std::memory_order_relaxed), 0u);
  EXPECT_EQ(doubled.load(std::memory_order_relaxed), 0u);
  EXPECT_EQ(map.size(), kStay);
}

// Everybody writes the same few keys: every entry that was put in comes out once.
TYPED_TEST(HashMapConcurrencyTest, EachEntryIsUnlinkedByExactlyOneWriter) {
  constexpr int kWriters = 3;
  constexpr int kWrites = 20'000;
  constexpr uint64_t kKeys = 40;
  HashMap<TypeParam> map;
  std::vector<std::atomic<int>> unlinked(kWriters * kWrites);
  std::atomic<int> left{0};
  std::vector<std::thread> threads;
  for (int w = 0; w < kWriters; ++w) {
    threads.emplace_back([&, w] {
      std::minstd_rand random(static_cast<unsigned>(w + 1));
      for (int i = 0; i < kWrites; ++i) {
        const std::string key = Key(random() % kKeys);
        const auto id = static_cast<uint64_t>(w * kWrites + i);
        const Entry* out = nullptr;
        if (random() % 3 == 0) {
          out = map.Unlink(key);
        } else {
          out = map.Upsert(Entry::New(key, "", {.mod_revision = id}));
          left.fetch_add(1, std::memory_order_relaxed);
        }
        if (out == nullptr) continue;
        left.fetch_sub(1, std::memory_order_relaxed);
        unlinked[out->mod_revision()].fetch_add(1, std::memory_order_relaxed);
        PoisonAndRetire<TypeParam>(out);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& times : unlinked) ASSERT_LE(times.load(std::memory_order_relaxed), 1);
  EXPECT_EQ(map.size(), static_cast<size_t>(left.load(std::memory_order_relaxed)));
}

}  // namespace
}  // namespace rcu
