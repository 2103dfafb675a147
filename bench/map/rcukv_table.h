// rcu::HashMap, the table that this project is about.
#ifndef RCUKV_BENCH_MAP_RCUKV_TABLE_H_
#define RCUKV_BENCH_MAP_RCUKV_TABLE_H_

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

#include "bench/map/data.h"
#include "bench/map/row.h"
#include "bench/map/table.h"
#include "rcu/domain.h"
#include "rcu/hash_map.h"

namespace rcukv::bench {

template <class Domain>
class RcukvTable {
 public:
  using Map = rcu::HashMap<Domain>;
  using Member = NoMember<RcukvTable>;
  static constexpr bool kGrows = true;

  explicit RcukvTable(size_t entries) : map_(BucketsFor(entries)) {}

  void Put(const Key& key, const Value& value) {
    Map::Retire(map_.Upsert(rcu::Entry::New(key.bytes(), value.bytes())));
  }

  template <class Use>
  bool Find(const Key& key, Use use) const {
    const typename Domain::ReadGuard guard;
    const rcu::Entry* entry = map_.Find(key.bytes());
    if (entry == nullptr) return false;
    use(entry->value().data());
    return true;
  }

  template <class Use>
  size_t FindMany(std::span<const Key, kGroup> keys, Use use) const {
    const auto views = ViewsOf(keys, std::make_index_sequence<kGroup>());
    std::array<const rcu::Entry*, kGroup> entries;
    const typename Domain::ReadGuard guard;
    map_.MultiGet(views, entries);
    size_t found = 0;
    for (size_t i = 0; i < kGroup; ++i) {
      if (entries[i] == nullptr) continue;
      use(i, entries[i]->value().data());
      ++found;
    }
    return found;
  }

  void Quiesce() { Domain::Quiesce(); }
  void Settle() { Domain::Barrier(); }

 private:
  // Made in one go: an array of views that are set later would be cleared first.
  template <size_t... kIndices>
  static std::array<std::string_view, kGroup> ViewsOf(std::span<const Key, kGroup> keys,
                                                      std::index_sequence<kIndices...>) {
    return {keys[kIndices].bytes()...};
  }

  static size_t BucketsFor(size_t entries) {
    return entries / Map::kEntriesPerBucket + 1;
  }

  Map map_;
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_MAP_RCUKV_TABLE_H_
