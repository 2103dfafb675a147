#include "loadtest/compare/map_load.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "loadtest/base/cpu_time.h"
#include "loadtest/base/interrupt.h"
#include "loadtest/base/random.h"
#include "loadtest/primitive/strategy_domain.h"
#include "rcu/entry.h"
#include "rcu/hash_map.h"

namespace rcukv::loadtest {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

// Keys between two looks at the stop flag, at least.
constexpr size_t kKeysPerLook = 4096;
// As often as PacedWriter writes.
constexpr std::chrono::milliseconds kBurstInterval{5};

// Buckets that are scanned in one section.
constexpr size_t kScanBuckets = 64;

// Keys one behind the other, so that a walk over them is sequential and what a lookup
// costs is the map's.
class KeyList {
 public:
  explicit KeyList(const std::vector<std::string>& keys) {
    for (const std::string& key : keys) bytes_ += key;
    size_t begin = 0;
    for (const std::string& key : keys) {
      views_.emplace_back(bytes_.data() + begin, key.size());
      begin += key.size();
    }
  }
  KeyList(const KeyList&) = delete;
  KeyList& operator=(const KeyList&) = delete;

  std::span<const std::string_view> views() const { return views_; }

 private:
  std::string bytes_;
  std::vector<std::string_view> views_;
};

struct MapTag {};

struct Reads {
  uint64_t reads = 0;
  uint64_t hits = 0;
  uint64_t cpu_ns = 0;
};

template <class Domain>
class MapOf final : public MapUnderLoad {
 public:
  explicit MapOf(const Dataset& dataset)
      : dataset_(dataset), map_(dataset.size() / Map::kEntriesPerBucket + 1) {
    for (size_t i = 0; i < dataset.size(); ++i) Put(i, 0);
  }

  MapRates Run(const MapLoad& load) override {
    const KeyList list(DrawKeys(load.distinct_keys, load.seed));
    const Keys keys = list.views();
    // relaxed: threads begin after it.
    stop_.store(false, std::memory_order_relaxed);
    std::vector<Reads> reads(static_cast<size_t>(load.threads));
    uint64_t writes = 0;
    const Clock::time_point start = Clock::now();
    std::vector<std::thread> threads;
    for (size_t i = 0; i < reads.size(); ++i) {
      const size_t from = keys.size() * i / reads.size();
      threads.emplace_back([&, i, from] { reads[i] = Read(keys, from, load.batch); });
    }
    if (load.writes_per_second > 0) {
      threads.emplace_back([&] { writes = Write(load); });
    }
    SleepUnlessInterrupted(load.duration);
    // relaxed: it carries nothing.
    stop_.store(true, std::memory_order_relaxed);
    const double seconds = Seconds(Clock::now() - start).count();
    for (std::thread& thread : threads) thread.join();
    // Another mode of the domain finds nothing of this one's to free.
    Domain::Barrier();
    return Rates(reads, writes, seconds);
  }

 private:
  using Map = rcu::HashMap<Domain>;
  using Keys = std::span<const std::string_view>;

  static MapRates Rates(const std::vector<Reads>& reads, uint64_t writes,
                        double seconds) {
    Reads sum;
    for (const Reads& mine : reads) {
      sum.reads += mine.reads;
      sum.hits += mine.hits;
      sum.cpu_ns += mine.cpu_ns;
    }
    const auto count = static_cast<double>(sum.reads);
    return {.reads_per_second = count / seconds,
            .writes_per_second = static_cast<double>(writes) / seconds,
            .cpu_ns_per_read = static_cast<double>(sum.cpu_ns) / count,
            .reads = sum.reads,
            .wrong = sum.reads - sum.hits};
  }

  // The first ones of the map, in random order.
  std::vector<std::string> DrawKeys(size_t count, uint64_t seed) const {
    typename Domain::OnlineGuard online;
    std::vector<std::string> keys;
    uint64_t cursor = 0;
    do {
      cursor = map_.Scan(cursor, kScanBuckets, [&](const rcu::Entry& entry) {
        keys.emplace_back(entry.key());
        return keys.size() < count;
      });
    } while (cursor != 0 && keys.size() < count);
    std::shuffle(keys.begin(), keys.end(), Random(seed));
    return keys;
  }

  // relaxed: it carries nothing.
  bool Stopped() const { return stop_.load(std::memory_order_relaxed); }

  bool Hits(std::string_view key) const {
    const rcu::Entry* entry = map_.Find(key);
    return entry != nullptr && entry->key() == key;
  }

  uint64_t LookUpEach(Keys keys) const {
    uint64_t hits = 0;
    for (const std::string_view key : keys) {
      typename Domain::ReadGuard guard;
      hits += Hits(key);
    }
    return hits;
  }

  uint64_t LookUpTogether(Keys keys) const {
    uint64_t hits = 0;
    typename Domain::ReadGuard guard;
    for (const std::string_view key : keys) hits += Hits(key);
    return hits;
  }

  // Walks the keys from number `from` on, again and again.
  Reads Read(Keys keys, size_t from, size_t batch) const {
    const size_t step = std::min(keys.size(), batch == 0 ? kKeysPerLook : batch);
    Reads mine;
    const uint64_t cpu_before = ThreadCpuNs();
    // At least once: a short run on a busy machine has something to report all the same.
    do {
      // For qsbr: quiescent between two looks, as a serving thread is between two calls.
      typename Domain::OnlineGuard online;
      for (size_t done = 0; done < kKeysPerLook;) {
        const Keys some = keys.subspan(from, std::min(step, keys.size() - from));
        mine.hits += batch == 0 ? LookUpEach(some) : LookUpTogether(some);
        done += some.size();
        mine.reads += some.size();
        from = (from + some.size()) % keys.size();
      }
    } while (!Stopped());
    mine.cpu_ns = ThreadCpuNs() - cpu_before;
    return mine;
  }

  void Put(size_t index, uint64_t generation) {
    Map::Retire(map_.Upsert(
        rcu::Entry::New(dataset_.key(index), dataset_.Value(index, generation))));
  }

  uint64_t Write(const MapLoad& load) {
    const double burst = load.writes_per_second * Seconds(kBurstInterval).count();
    Random random(~load.seed);
    uint64_t writes = 0;
    double due = 0;
    // What could not be written in time is not made up for.
    for (Clock::time_point next = Clock::now(); !Stopped();
         next = std::max(next + kBurstInterval, Clock::now())) {
      std::this_thread::sleep_until(next);
      for (due += burst; due >= 1; --due) Put(random.Below(dataset_.size()), ++writes);
    }
    return writes;
  }

  const Dataset& dataset_;
  Map map_;
  std::atomic<bool> stop_{false};
};

}  // namespace

absl::Status MapUnderLoad::Prepare(const Strategy& strategy) {
  return PrepareDomain<MapTag>(strategy);
}

std::unique_ptr<MapUnderLoad> MapUnderLoad::New(const Strategy& strategy,
                                                const Dataset& dataset) {
  return WithDomain<MapTag>(strategy,
                            [&]<class Domain>() -> std::unique_ptr<MapUnderLoad> {
                              return std::make_unique<MapOf<Domain>>(dataset);
                            });
}

}  // namespace rcukv::loadtest
