// How much is in a hash map, kept by its writers in stripes, so that writers of different
// buckets do not share a cache line for it.
//
// Thread safety: any thread may call anything at any time. A sum that is taken while
// others write may have some of their changes and not others.
#ifndef RCUKV_RCU_MAP_FIGURES_H_
#define RCUKV_RCU_MAP_FIGURES_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace rcu {

class MapFigures {
 public:
  void AddEntry(size_t bytes) { Change(1, static_cast<int64_t>(bytes), 0); }
  void RemoveEntry(size_t bytes) { Change(-1, -static_cast<int64_t>(bytes), 0); }
  void ReplaceEntry(size_t old_bytes, size_t new_bytes) {
    Change(0, static_cast<int64_t>(new_bytes) - static_cast<int64_t>(old_bytes), 0);
  }
  void AddBuckets(size_t bytes) { Change(0, 0, static_cast<int64_t>(bytes)); }
  void RemoveBuckets(size_t bytes) { Change(0, 0, -static_cast<int64_t>(bytes)); }

  size_t entries() const { return Sum(&Stripe::entries); }
  size_t entry_bytes() const { return Sum(&Stripe::entry_bytes); }
  size_t bucket_bytes() const { return Sum(&Stripe::bucket_bytes); }

 private:
  using Figure = std::atomic<int64_t>;

  // A single one may be below 0: one thread adds, another removes.
  struct alignas(64) Stripe {
    Figure entries{0};
    Figure entry_bytes{0};
    Figure bucket_bytes{0};
  };

  // More than the threads that write to one map at a time, as a rule; a power of two.
  static constexpr unsigned kStripes = 16;

  void Change(int64_t entries, int64_t entry_bytes, int64_t bucket_bytes) {
    Stripe& mine = stripes_[NumberOfThread() % kStripes];
    Add(mine.entries, entries);
    Add(mine.entry_bytes, entry_bytes);
    Add(mine.bucket_bytes, bucket_bytes);
  }

  static void Add(Figure& figure, int64_t amount) {
    // relaxed: a figure.
    if (amount != 0) figure.fetch_add(amount, std::memory_order_relaxed);
  }

  size_t Sum(Figure Stripe::*figure) const {
    int64_t sum = 0;
    for (const Stripe& stripe : stripes_) {
      // relaxed: a figure.
      sum += (stripe.*figure).load(std::memory_order_relaxed);
    }
    return static_cast<size_t>(std::max<int64_t>(sum, 0));
  }

  // Threads take the stripes in turns.
  static unsigned NumberOfThread() {
    static constinit std::atomic<unsigned> threads{0};
    static constinit thread_local unsigned number = 0;
    if (number == 0) [[unlikely]] {
      // relaxed: a number of its own is all that is asked.
      number = threads.fetch_add(1, std::memory_order_relaxed) + 1;
    }
    return number;
  }

  std::array<Stripe, kStripes> stripes_;
};

}  // namespace rcu

#endif  // RCUKV_RCU_MAP_FIGURES_H_
