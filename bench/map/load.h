// The rows of `bench map`: threads that look up and update, and how much they do.
//
// One template for every table (table.h), so that the work is the same by construction.
#ifndef RCUKV_BENCH_MAP_LOAD_H_
#define RCUKV_BENCH_MAP_LOAD_H_

#include <time.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <thread>
#include <vector>

#include "bench/counter.h"
#include "bench/map/data.h"
#include "bench/map/draws.h"
#include "bench/map/row.h"
#include "bench/map/table.h"

namespace rcukv::bench {

// The end of a sample that would measure something else: no status could be trusted.
[[noreturn, gnu::noinline, gnu::cold]] inline void WrongResult(uint32_t index) {
  std::fprintf(stderr, "key %u: a lookup did not find what it should\n", index);
  std::abort();
}

// Puts the keys from 0 to `entries` - 1.
template <class Table>
void Fill(Table& table, uint32_t entries) {
  constexpr uint32_t kPutsPerQuiesce = 1024;
  for (uint32_t index = 0; index < entries; ++index) {
    table.Put(KeyOf(index), ValueOf(index, 0));
    if (index % kPutsPerQuiesce == 0) table.Quiesce();
  }
}

struct LoadResult {
  // Lookups and updates, of all threads.
  double per_second = 0;
  // CPU time of the process for one of them: what the operations cost when others have
  // the machine as well.
  double cpu_ns = 0;
};

template <class Table>
class Load {
 public:
  // Of a table that holds the keys from 0 to `entries` - 1. `draws`, of each thread, and
  // the table outlive it.
  Load(Table& table, uint32_t entries, const Row& row,
       const std::vector<std::vector<Draw>>& draws)
      : table_(table),
        entries_(entries),
        row_(row),
        draws_(draws),
        operations_(static_cast<size_t>(row.threads)) {}

  // Watches the threads for `seconds` after a warm-up.
  LoadResult Measure(double seconds) {
    for (size_t i = 0; i < operations_.size(); ++i) {
      threads_.emplace_back([this, i] { Work(draws_[i], operations_[i]); });
    }
    WaitUntilAllMove(operations_);
    SleepFor(seconds * kWarmUp);
    const Moment before = Now();
    SleepFor(seconds);
    const Moment after = Now();
    // relaxed: it carries nothing.
    stop_.store(true, std::memory_order_relaxed);
    for (std::thread& thread : threads_) thread.join();
    const double operations = after.operations - before.operations;
    const double elapsed =
        std::chrono::duration<double>(after.time - before.time).count();
    return {.per_second = operations / elapsed,
            .cpu_ns = operations > 0
                          ? (after.cpu_seconds - before.cpu_seconds) * 1e9 / operations
                          : 0};
  }

 private:
  using Clock = std::chrono::steady_clock;

  // Between two looks at the stop flag, and between two quiescent states.
  static constexpr size_t kOperationsPerLook = 1024;
  // Of the time of a measurement.
  static constexpr double kWarmUp = 0.2;

  static_assert(kDraws % kOperationsPerLook == 0 && kOperationsPerLook % kGroup == 0);
  using Some = std::span<const Draw, kOperationsPerLook>;

  // Keys that wait for their MultiGet.
  struct Group {
    std::array<uint32_t, kGroup> indices;
    size_t count = 0;
  };

  struct Moment {
    Clock::time_point time;
    // Of all threads of the process, a table's own among them.
    double cpu_seconds;
    double operations;
  };

  Moment Now() const {
    timespec cpu = {};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
    return {.time = Clock::now(),
            .cpu_seconds =
                static_cast<double>(cpu.tv_sec) + 1e-9 * static_cast<double>(cpu.tv_nsec),
            .operations = Sum(operations_)};
  }

  void Work(const std::vector<Draw>& draws, Counter& operations) {
    const typename Table::Member member(table_);
    Group group;
    // relaxed: it carries nothing.
    for (size_t at = 0; !stop_.load(std::memory_order_relaxed);
         at = (at + kOperationsPerLook) % kDraws) {
      Run(Some(&draws[at], kOperationsPerLook), group);
      table_.Quiesce();
      operations.Add(kOperationsPerLook);
    }
  }

  void Run(Some draws, Group& group) {
    switch (row_.access) {
      case Access::kGet:
        return RunSingle(draws, [this](uint32_t index) { FindPresent(index); });
      case Access::kGetAbsent:
        return RunSingle(draws, [this](uint32_t index) { FindAbsent(index); });
      case Access::kMultiGet:
        if constexpr (HasFindMany<Table>) return RunGrouped(draws, group);
        break;
    }
    WrongResult(0);
  }

  template <class FindOne>
  [[gnu::always_inline]] void RunSingle(Some draws, FindOne find_one) {
    for (const Draw draw : draws) {
      if (draw.is_update()) [[unlikely]] {
        Update(draw.index());
      } else {
        find_one(draw.index());
      }
    }
  }

  // Updates are made as they come, while the group fills up.
  void RunGrouped(Some draws, Group& group) {
    for (const Draw draw : draws) {
      if (draw.is_update()) [[unlikely]] {
        Update(draw.index());
        continue;
      }
      group.indices[group.count++] = draw.index();
      if (group.count < kGroup) continue;
      FindGroup(group.indices);
      group.count = 0;
    }
  }

  [[gnu::noinline]] void Update(uint32_t index) {
    // Not shared by threads: it only has to vary.
    static thread_local uint64_t version = 0;
    table_.Put(KeyOf(index), ValueOf(index, ++version));
  }

  [[gnu::always_inline]] void FindPresent(uint32_t index) const {
    uint64_t mark = 0;
    table_.Find(KeyOf(index), [&](const void* value) { mark = MarkOfValue(value); });
    if (mark != MarkOf(index)) [[unlikely]]
      WrongResult(index);
  }

  [[gnu::always_inline]] void FindAbsent(uint32_t index) const {
    const uint32_t absent = index + entries_;
    if (table_.Find(KeyOf(absent), [](const void*) {})) [[unlikely]]
      WrongResult(absent);
  }

  [[gnu::always_inline]] void FindGroup(
      const std::array<uint32_t, kGroup>& indices) const {
    std::array<Key, kGroup> keys;
    for (size_t i = 0; i < kGroup; ++i) keys[i] = KeyOf(indices[i]);
    const size_t found = table_.FindMany(
        std::span<const Key, kGroup>(keys), [&](size_t i, const void* value) {
          if (MarkOfValue(value) != MarkOf(indices[i])) [[unlikely]]
            WrongResult(indices[i]);
        });
    if (found != kGroup) [[unlikely]]
      WrongResult(indices[0]);
  }

  Table& table_;
  const uint32_t entries_;
  const Row row_;
  const std::vector<std::vector<Draw>>& draws_;
  Counters operations_;
  alignas(128) std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_MAP_LOAD_H_
