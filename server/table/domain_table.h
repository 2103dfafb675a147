// A table over the RCU hash map, compiled for one flavor: the loops over keys are here,
// below the virtual call, so that only the visit of each group of keys is an indirect
// call.
#ifndef RCUKV_SERVER_TABLE_DOMAIN_TABLE_H_
#define RCUKV_SERVER_TABLE_DOMAIN_TABLE_H_

#include <algorithm>
#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "rcu/entry.h"
#include "rcu/hash_map.h"
#include "server/table/lookup_load.h"
#include "server/table/online_map.h"
#include "server/table/table.h"

namespace rcukv {

template <class Domain>
class DomainTable final : public Table {
 public:
  using Table::Table;

  void Lookup(absl::Span<const std::string_view> keys, ReadSection section,
              Visit visit) const override {
    const auto map = map_.Use();
    if (section == ReadSection::kPerBatch) {
      LookUpBatch(*map, keys, visit);
    } else {
      LookUpEach(*map, keys, visit);
    }
  }

  void LookupSnapshot(absl::Span<const std::string_view> keys,
                      Visit visit) const override {
    std::vector<const rcu::Entry*> entries(keys.size());
    const auto map = map_.Use();
    typename Domain::ReadGuard guard;
    map->SnapshotFind({keys.data(), keys.size()}, entries);
    const absl::Span<const rcu::Entry* const> found(entries);
    for (size_t first = 0; first < keys.size(); first += kGroupKeys) {
      visit(first, found.subspan(first, kGroupKeys));
    }
  }

  uint64_t Scan(uint64_t cursor, size_t max_buckets,
                absl::FunctionRef<bool(const rcu::Entry&)> visit) const override {
    return map_.Use()->Scan(cursor, max_buckets, visit);
  }

  const rcu::Entry* Upsert(rcu::EntryPtr entry) override {
    std::shared_lock lock(drop_mutex_);
    return dropped() ? entry.release() : map_.Use()->Upsert(std::move(entry));
  }

  const rcu::Entry* Load(absl::Span<rcu::EntryPtr> entries) override {
    std::shared_lock lock(drop_mutex_);
    if (dropped() && !entries.empty()) return entries.front().release();
    const auto map = map_.Use();
    for (size_t first = 0; first < entries.size(); first += kGroupKeys) {
      const auto group = entries.subspan(first, kGroupKeys);
      if (const rcu::Entry* twice = LoadGroup(*map, group); twice != nullptr)
        return twice;
    }
    return nullptr;
  }

  const rcu::Entry* Unlink(std::string_view key) override {
    return map_.Use()->Unlink(key);
  }

  void WriteTogether(absl::FunctionRef<void(Writer&)> write) override {
    std::shared_lock lock(drop_mutex_);
    BatchWriter writer(map_, dropped());
    write(writer);
  }

  uint64_t Clear() override {
    uint64_t cleared = 0;
    uint64_t cursor = 0;
    do {
      std::vector<std::string> keys;
      cursor = Scan(cursor, kClearBuckets, [&keys](const rcu::Entry& entry) {
        keys.emplace_back(entry.key());
        return true;
      });
      cleared += UnlinkAndRetire(keys);
    } while (cursor != 0);
    return cleared;
  }

  bool MarkDropped() override {
    std::unique_lock lock(drop_mutex_);
    // release; pairs with the load in dropped(): who finds a key cleared, by a load
    // that acquires, finds this as well.
    return !dropped_.exchange(true, std::memory_order_release);
  }

  bool dropped() const override { return dropped_.load(std::memory_order_acquire); }

  TableSize Size() const override {
    return {.entries = map_.size(),
            .bytes = map_.entry_bytes(),
            .bucket_bytes = map_.bucket_bytes()};
  }

  LookupReport RunLookups(const LookupLoad& load,
                          absl::FunctionRef<bool()> cancelled) const override {
    LookupLoad valid = load;
    valid.threads = std::max<uint32_t>(1, load.threads);
    valid.batch_size = std::max<uint32_t>(1, load.batch_size);
    valid.distinct_keys = std::max<uint32_t>(1, load.distinct_keys);
    return RunLookupThreads(*this, valid, cancelled,
                            [&](absl::Span<const std::string_view> keys) {
                              return LookUpSlice(*map_.Use(), valid, keys);
                            });
  }

 private:
  using Map = rcu::HashMap<Domain>;

  // A group at a time, so that the entries' cache lines are there when they are visited.
  static void LookUpBatch(const Map& map, absl::Span<const std::string_view> keys,
                          Visit visit) {
    const rcu::Entry* entries[kGroupKeys];
    typename Domain::ReadGuard guard;
    static_assert(kGroupKeys == Map::kGroup);
    for (size_t first = 0; first < keys.size(); first += kGroupKeys) {
      const auto group = keys.subspan(first, kGroupKeys);
      map.MultiGet({group.data(), group.size()}, {entries, group.size()});
      visit(first, {entries, group.size()});
    }
  }

  // Looked up first, all together: then the buckets are in the cache, and who is there
  // already is known.
  static const rcu::Entry* LoadGroup(Map& map, absl::Span<rcu::EntryPtr> entries) {
    std::string_view keys[kGroupKeys];
    const rcu::Entry* found[kGroupKeys];
    for (size_t i = 0; i < entries.size(); ++i) keys[i] = entries[i]->key();
    {
      typename Domain::ReadGuard guard;
      map.MultiGet({keys, entries.size()}, {found, entries.size()});
    }
    for (size_t i = 0; i < entries.size(); ++i) {
      if (found[i] != nullptr) return entries[i].release();
      // Not there when it was looked for, but another of the group may have the key.
      const rcu::Entry* const replaced = map.Upsert(std::move(entries[i]));
      if (replaced != nullptr) return replaced;
    }
    return nullptr;
  }

  static void LookUpEach(const Map& map, absl::Span<const std::string_view> keys,
                         Visit visit) {
    for (size_t i = 0; i < keys.size(); ++i) {
      typename Domain::ReadGuard guard;
      const rcu::Entry* const entry = map.Find(keys[i]);
      visit(i, {&entry, 1});
    }
  }

  class BatchWriter final : public Writer {
   public:
    BatchWriter(const OnlineMap<Domain>& map, bool dropped)
        : batch_(map.Batch()), dropped_(dropped) {}

    const rcu::Entry* Upsert(rcu::EntryPtr entry) override {
      return dropped_ ? entry.release() : batch_.Upsert(std::move(entry));
    }
    const rcu::Entry* Unlink(std::string_view key) override { return batch_.Unlink(key); }

   private:
    typename Map::WriteBatch batch_;
    const bool dropped_;
  };

  // Buckets of a slice of Clear: some hundred entries.
  static constexpr size_t kClearBuckets = 64;

  // A key may be gone meanwhile. Returns how many were not.
  uint64_t UnlinkAndRetire(absl::Span<const std::string> keys) {
    uint64_t unlinked = 0;
    for (const std::string& key : keys) {
      const rcu::Entry* entry = Unlink(key);
      if (entry == nullptr) continue;
      Map::Retire(entry);
      ++unlinked;
    }
    return unlinked;
  }

  OnlineMap<Domain> map_;

  // Held shared while entries are published, so that whatever is published before
  // MarkDropped sets dropped_ is there for Drop's Clear to find. Readers take no part in
  // it.
  std::shared_mutex drop_mutex_;
  std::atomic<bool> dropped_{false};
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_TABLE_DOMAIN_TABLE_H_
