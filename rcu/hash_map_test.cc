#include "rcu/hash_map.h"

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rcu/domain.h"
#include "rcu/lock_domain.h"

namespace rcu {
namespace {

template <class Domain>
class HashMapTest : public testing::Test {
 protected:
  using Map = HashMap<Domain>;

  static std::optional<std::string> Get(const Map& map, std::string_view key) {
    typename Domain::ReadGuard guard;
    const Entry* entry = map.Find(key);
    if (entry == nullptr) return std::nullopt;
    return std::string(entry->value());
  }
  static bool Put(Map& map, std::string_view key, std::string_view value) {
    const Entry* replaced = map.Upsert(Entry::New(key, value));
    Map::Retire(replaced);
    return replaced != nullptr;
  }
  static bool Erase(Map& map, std::string_view key) {
    const Entry* unlinked = map.Unlink(key);
    Map::Retire(unlinked);
    return unlinked != nullptr;
  }
  static std::vector<std::string> ScanAll(const Map& map, size_t step) {
    std::vector<std::string> keys;
    uint64_t cursor = 0;
    do {
      cursor = map.Scan(cursor, step, [&](const Entry& entry) {
        keys.emplace_back(entry.key());
        return true;
      });
    } while (cursor != 0);
    return keys;
  }

  void TearDown() override { Domain::Barrier(); }
};

using Domains = testing::Types<MbDomain, MembDomain, LockDomain>;
TYPED_TEST_SUITE(HashMapTest, Domains);

std::string Key(int i) { return "key-" + std::to_string(i); }

TYPED_TEST(HashMapTest, AnEmptyMapFindsAndScansNothing) {
  HashMap<TypeParam> map;
  EXPECT_EQ(this->Get(map, "a"), std::nullopt);
  EXPECT_FALSE(this->Erase(map, "a"));
  EXPECT_TRUE(this->ScanAll(map, 4).empty());
  EXPECT_EQ(map.size(), 0u);
  EXPECT_EQ(map.entry_bytes(), 0u);
  EXPECT_EQ(map.bucket_bytes(), HashMap<TypeParam>::kMinBuckets * 64);
}

TYPED_TEST(HashMapTest, WhatWasPutIsFoundReplacedAndErased) {
  HashMap<TypeParam> map;
  EXPECT_FALSE(this->Put(map, "a", "1"));
  EXPECT_EQ(this->Get(map, "a"), "1");
  EXPECT_TRUE(this->Put(map, "a", "2"));
  EXPECT_EQ(this->Get(map, "a"), "2");
  EXPECT_EQ(map.size(), 1u);
  EXPECT_TRUE(this->Erase(map, "a"));
  EXPECT_EQ(this->Get(map, "a"), std::nullopt);
  EXPECT_FALSE(this->Erase(map, "a"));
  EXPECT_EQ(map.size(), 0u);
  EXPECT_EQ(map.entry_bytes(), 0u);
}

TYPED_TEST(HashMapTest, KeysAndValuesAreAnyBytesOfAnyLength) {
  HashMap<TypeParam> map;
  const std::string zeros(3, '\0');
  const std::string longest_key(Entry::kMaxKeyBytes, 'k');
  const std::string big(1 << 20, 'v');
  this->Put(map, "", "the empty key");
  this->Put(map, zeros, "");
  this->Put(map, longest_key, big);
  EXPECT_EQ(this->Get(map, ""), "the empty key");
  EXPECT_EQ(this->Get(map, zeros), "");
  EXPECT_EQ(this->Get(map, std::string(2, '\0')), std::nullopt);
  EXPECT_EQ(this->Get(map, longest_key), big);
}

TYPED_TEST(HashMapTest, BehavesAsAnOrdinaryMapWhileItGrows) {
  HashMap<TypeParam> map;
  std::map<std::string, std::string> model;
  std::mt19937 random(7);
  for (int i = 0; i < 60'000; ++i) {
    const std::string key = Key(static_cast<int>(random() % 20'000));
    const unsigned what = random() % 10;
    if (what < 6) {
      const std::string value = std::to_string(i);
      ASSERT_EQ(this->Put(map, key, value), model.count(key) > 0);
      model[key] = value;
    } else if (what < 8) {
      ASSERT_EQ(this->Erase(map, key), model.erase(key) > 0);
    } else {
      const auto found = model.find(key);
      ASSERT_EQ(this->Get(map, key), found == model.end()
                                         ? std::nullopt
                                         : std::optional<std::string>(found->second));
    }
    ASSERT_EQ(map.size(), model.size());
  }
  std::vector<std::string> expected;
  size_t bytes = 0;
  for (const auto& [key, value] : model) {
    ASSERT_EQ(this->Get(map, key), value);
    expected.push_back(key);
    bytes += sizeof(Entry) + key.size() + value.size();
  }
  EXPECT_EQ(map.entry_bytes(), bytes);
  std::vector<std::string> scanned = this->ScanAll(map, 3);
  std::sort(scanned.begin(), scanned.end());
  EXPECT_EQ(scanned, expected);
}

TYPED_TEST(HashMapTest, MultiGetFindsWhatFindFindsInTheOrderOfTheKeys) {
  HashMap<TypeParam> map;
  std::mt19937 random(11);
  // From a map of one chain of many buckets on, and through growths.
  for (int round = 0; round < 2'000; ++round) {
    this->Put(map, Key(round), std::to_string(round));
    std::vector<std::string> names(random() % 40);
    for (std::string& name : names) name = Key(static_cast<int>(random() % 2'500));
    const std::vector<std::string_view> keys(names.begin(), names.end());
    std::vector<const Entry*> entries(keys.size());
    typename TypeParam::ReadGuard guard;
    map.MultiGet(keys, entries);
    for (size_t i = 0; i < keys.size(); ++i) ASSERT_EQ(entries[i], map.Find(keys[i]));
  }
}

TYPED_TEST(HashMapTest, ChainsStayShort) {  // guarantee (a)
  HashMap<TypeParam> map;
  for (int i = 0; i < 200'000; ++i) {
    this->Put(map, Key(i), "");
    // At all stages of several growths.
    if (i % 5'000 == 0) {
      ASSERT_LE(map.LongestChain(), 4u) << i;
    }
  }
  // Between 5 and 2.5 entries a bucket just grown, the old array gone or going.
  EXPECT_LE(map.bucket_bytes(), 200'000 * 64 * 3 / 5);
}

TYPED_TEST(HashMapTest, APresizedMapDoesNotGrow) {
  HashMap<TypeParam> map(1000);
  EXPECT_EQ(map.bucket_bytes(), 1024u * 64);
  for (int i = 0; i < 5 * 1024; ++i) this->Put(map, Key(i), "");
  EXPECT_LT(map.bucket_bytes(), 2048u * 64);
}

TYPED_TEST(HashMapTest, AMapShrinksWhenItsEntriesGo) {
  HashMap<TypeParam> map;
  constexpr int kKeys = 100'000;
  for (int i = 0; i < kKeys; ++i) this->Put(map, Key(i), "");
  const size_t full = map.bucket_bytes();
  for (int i = 0; i < kKeys; ++i) {
    ASSERT_TRUE(this->Erase(map, Key(i))) << i;
    // All others are found in every stage of the shrinking.
    if (i % 10'000 != 0) continue;
    for (int key = 0; key < kKeys; key += 7) {
      ASSERT_EQ(this->Get(map, Key(key)).has_value(), key > i) << key << " at " << i;
    }
  }
  EXPECT_EQ(map.size(), 0u);
  EXPECT_LT(map.bucket_bytes(), full / 100);
  EXPECT_TRUE(this->ScanAll(map, 8).empty());
}

TYPED_TEST(HashMapTest, APresizedMapKeepsItsSizeWhenItIsEmptied) {
  HashMap<TypeParam> map(1024);
  for (int i = 0; i < 20'000; ++i) this->Put(map, Key(i), "");
  EXPECT_GT(map.bucket_bytes(), 4000u * 64);
  for (int i = 0; i < 20'000; ++i) this->Erase(map, Key(i));
  EXPECT_GE(map.bucket_bytes(), 1024u * 64);
  EXPECT_LT(map.bucket_bytes(), 2048u * 64);
}

TYPED_TEST(HashMapTest, AMapThatIsFilledAndEmptiedByTurnsBehavesAsAnOrdinaryMap) {
  HashMap<TypeParam> map;
  std::map<std::string, std::string> model;
  std::mt19937 random(5);
  for (int i = 0; i < 120'000; ++i) {
    const std::string key = Key(static_cast<int>(random() % 8'000));
    // Waves: mostly puts, then mostly erases.
    const bool filling = i / 20'000 % 2 == 0;
    if ((random() % 10 < 9) == filling) {
      ASSERT_EQ(this->Put(map, key, std::to_string(i)), model.count(key) > 0);
      model[key] = std::to_string(i);
    } else {
      ASSERT_EQ(this->Erase(map, key), model.erase(key) > 0);
    }
    ASSERT_EQ(map.size(), model.size());
    if (i % 1'000 != 0) continue;
    std::vector<std::string> expected;
    for (const auto& [name, value] : model) {
      ASSERT_EQ(this->Get(map, name), value);
      expected.push_back(name);
    }
    std::vector<std::string> scanned = this->ScanAll(map, 3);
    std::sort(scanned.begin(), scanned.end());
    ASSERT_EQ(scanned, expected);
  }
}

TYPED_TEST(HashMapTest, AScanReturnsWhatWasThereThroughoutExactlyOnceWhileTheMapGrows) {
  HashMap<TypeParam> map;
  constexpr int kStay = 500;
  for (int i = 0; i < kStay; ++i) this->Put(map, Key(i), "stay");
  std::map<std::string, int> seen;
  uint64_t cursor = 0;
  int added = kStay;
  do {
    cursor = map.Scan(cursor, 1, [&](const Entry& entry) {
      ++seen[std::string(entry.key())];
      return true;
    });
    // 70 times the size before the scan is through.
    for (int i = 0; i < 70; ++i) this->Put(map, Key(added++), "new");
  } while (cursor != 0 && added < 100'000);
  while (cursor != 0) {
    cursor = map.Scan(cursor, 1000, [&](const Entry& entry) {
      ++seen[std::string(entry.key())];
      return true;
    });
  }
  for (int i = 0; i < kStay; ++i) EXPECT_EQ(seen[Key(i)], 1) << Key(i);
  for (const auto& [key, times] : seen) EXPECT_EQ(times, 1) << key;
}

TYPED_TEST(HashMapTest, AScanReturnsWhatWasThereThroughoutExactlyOnceWhileTheMapShrinks) {
  HashMap<TypeParam> map;
  constexpr int kStay = 500;
  constexpr int kKeys = 50'000;
  for (int i = 0; i < kKeys; ++i) this->Put(map, Key(i), "");
  std::map<std::string, int> seen;
  uint64_t cursor = 0;
  int left = kKeys;
  do {
    cursor = map.Scan(cursor, 1, [&](const Entry& entry) {
      ++seen[std::string(entry.key())];
      return true;
    });
    for (int i = 0; i < 70 && left > kStay; ++i) this->Erase(map, Key(--left));
  } while (cursor != 0);
  EXPECT_EQ(left, kStay);
  for (int i = 0; i < kStay; ++i) EXPECT_EQ(seen[Key(i)], 1) << Key(i);
  for (const auto& [key, times] : seen) EXPECT_EQ(times, 1) << key;
}

TYPED_TEST(HashMapTest, AScanThatIsStoppedGoesOnBehindTheLastEntryVisited) {
  HashMap<TypeParam> map;
  for (int i = 0; i < 100; ++i) this->Put(map, Key(i), "");
  std::vector<std::string> keys;
  uint64_t cursor = 0;
  do {
    size_t visited = 0;
    cursor = map.Scan(cursor, 1000, [&](const Entry& entry) {
      keys.emplace_back(entry.key());
      return ++visited < 1;
    });
    EXPECT_LE(visited, 1u);
  } while (cursor != 0);
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(keys.size(), 100u);
  EXPECT_EQ(std::adjacent_find(keys.begin(), keys.end()), keys.end());
}

TEST(EntryTest, KeepsWhatItWasMadeOf) {
  const EntryPtr plain = Entry::New("k", "vv", {.mod_revision = 5, .create_revision = 5});
  EXPECT_EQ(plain->key(), "k");
  EXPECT_EQ(plain->value(), "vv");
  EXPECT_EQ(plain->mod_revision(), 5u);
  EXPECT_EQ(plain->create_revision(), 5u);
  EXPECT_EQ(plain->expire_time(), 0u);
  EXPECT_EQ(plain->allocated_bytes(), 16u + 3);

  const EntryPtr replaced =
      Entry::New("k", "", {.mod_revision = 9, .create_revision = 5, .expire_time = 77});
  EXPECT_EQ(replaced->key(), "k");
  EXPECT_EQ(replaced->value(), "");
  EXPECT_EQ(replaced->mod_revision(), 9u);
  EXPECT_EQ(replaced->create_revision(), 5u);
  EXPECT_EQ(replaced->expire_time(), 77u);
  EXPECT_EQ(replaced->allocated_bytes(), 32u + 1);
}

TEST(HashOrderTest, TheTwoHalvesOfABucketAreNeighbours) {
  for (size_t count : {size_t{2}, size_t{16}, size_t{1} << 20}) {
    for (uint64_t hash : {uint64_t{0}, uint64_t{5}, uint64_t{0x1234'5678'9abc'def0}}) {
      const uint64_t begin = PositionOfHash(hash & (count - 1));
      const uint64_t end = NextChainPosition(begin, count);
      EXPECT_EQ(NextChainPosition(PositionOfHash(hash), count), end);
      const uint64_t middle = NextChainPosition(begin, 2 * count);
      EXPECT_EQ(middle - begin, end - middle);
      EXPECT_EQ(HashOfPosition(middle) & (2 * count - 1), (hash & (count - 1)) + count);
    }
  }
  EXPECT_EQ(NextChainPosition(~uint64_t{0}, 16), 0u);
}

TEST(HashTest, IsAnotherFunctionUnderAnotherSecret) {
  HashSecret other = ProcessHashSecret();
  // Not the same change everywhere: short keys are mixed with differences of the secret.
  std::mt19937 random(1);
  for (auto& byte : other) byte = static_cast<unsigned char>(byte ^ random());
  for (size_t length : {1, 4, 9, 17, 130, 300}) {
    const std::string key(length, 'x');
    EXPECT_NE(Hash(key, ProcessHashSecret()), Hash(key, other)) << length;
    EXPECT_EQ(Hash(key, ProcessHashSecret()), Hash(key, ProcessHashSecret()));
  }
}

}  // namespace
}  // namespace rcu
