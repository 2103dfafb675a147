// A table that grows from empty while one thread reads it all the time.
#ifndef RCUKV_BENCH_MAP_GROWTH_H_
#define RCUKV_BENCH_MAP_GROWTH_H_

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

#include "bench/map/data.h"
#include "bench/map/load.h"
#include "bench/map/table.h"
#include "loadtest/base/cpu_time.h"
#include "loadtest/base/latency_histogram.h"
#include "loadtest/base/random.h"

namespace rcukv::bench {

struct GrowthResult {
  // Nanoseconds of each turn of the reader: one read, and one look at the clock.
  loadtest::LatencyHistogram reads;
  // The same turns without a read, for as long and beside as busy a thread: what the
  // machine alone does to them.
  loadtest::LatencyHistogram gaps;
  // Whether the table stopped the reader, or somebody else did. A reader that waits for a
  // lock sleeps, or spends CPU time: so here is how often it slept, and the CPU time of
  // the 256 turns in a row that took the most, which is more than that of any read.
  int64_t reader_sleeps = 0;
  uint64_t longest_cpu_ns = 0;
  double seconds = 0;
  // That were put: fewer than asked for where the time was up.
  uint32_t entries = 0;
};

class Growth {
 public:
  // For a table that does not keep up with its growth: rculfhash's was not done with ten
  // million keys after five minutes.
  static constexpr std::chrono::seconds kPatience{60};

  // Puts the keys from 0 to `entries` - 1 into the empty table, as far as it comes.
  template <class Table>
  static GrowthResult Run(Table& table, uint32_t entries,
                          std::chrono::nanoseconds patience = kPatience) {
    Growth growth;
    GrowthResult result;
    const Clock::time_point begin = Clock::now();
    std::thread reader([&] { growth.Read(table, result); });
    result.entries = growth.Write(table, entries, begin + patience);
    reader.join();
    const Clock::duration length = Clock::now() - begin;
    result.seconds = std::chrono::duration<double>(length).count();
    Growth idle;
    std::thread watcher([&] { idle.WatchNothing(result.gaps); });
    for (const Clock::time_point end = Clock::now() + length; Clock::now() < end;) {
    }
    idle.done_.store(true, std::memory_order_relaxed);
    watcher.join();
    return result;
  }

 private:
  using Clock = std::chrono::steady_clock;

  // Between two looks at the flag, and between two quiescent states.
  static constexpr int kTurnsPerLook = 256;

  // Returns how many keys were put.
  template <class Table>
  uint32_t Write(Table& table, uint32_t entries, Clock::time_point deadline) {
    constexpr uint32_t kPutsPerLook = 256;
    const typename Table::Member member(table);
    uint32_t put = 0;
    while (put < entries) {
      table.Put(KeyOf(put), ValueOf(put, 0));
      ++put;
      // release; pairs with the acquire in Read: what was put is found.
      put_.store(put, std::memory_order_release);
      if (put % kPutsPerLook != 0) continue;
      table.Quiesce();
      if (Clock::now() > deadline) break;
    }
    // relaxed, as all that read it: it carries nothing.
    done_.store(true, std::memory_order_relaxed);
    return put;
  }

  template <class Table>
  void Read(Table& table, GrowthResult& result) {
    const typename Table::Member member(table);
    loadtest::Random random(/*seed=*/1);
    const int64_t sleeps_before = SleepsOfThread();
    uint64_t cpu_before = loadtest::ThreadCpuNs();
    Watch(
        result.reads,
        [&] {
          const uint32_t put = put_.load(std::memory_order_acquire);
          if (put == 0) return;
          const auto index = static_cast<uint32_t>(random.Below(put));
          uint64_t mark = 0;
          table.Find(KeyOf(index), [&](const void* value) { mark = MarkOfValue(value); });
          if (mark != MarkOf(index)) [[unlikely]]
            WrongResult(index);
        },
        [&] { table.Quiesce(); },
        [&] {
          const uint64_t cpu = loadtest::ThreadCpuNs();
          result.longest_cpu_ns = std::max(result.longest_cpu_ns, cpu - cpu_before);
          cpu_before = cpu;
        });
    result.reader_sleeps = SleepsOfThread() - sleeps_before;
  }

  static int64_t SleepsOfThread() {
    rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_nvcsw;
  }

  void WatchNothing(loadtest::LatencyHistogram& turns) {
    Watch(
        turns, [] {}, [] {}, [] {});
  }

  // `between` is part of a turn, `look` is not.
  template <class Turn, class Between, class Look>
  void Watch(loadtest::LatencyHistogram& turns, Turn turn, Between between, Look look) {
    Clock::time_point last = Clock::now();
    while (!done_.load(std::memory_order_relaxed)) {
      for (int i = 0; i < kTurnsPerLook; ++i) {
        turn();
        const Clock::time_point now = Clock::now();
        turns.Record(static_cast<uint64_t>((now - last).count()));
        last = now;
      }
      look();
      last = Clock::now();
      between();
    }
  }

  // How many keys have been put.
  alignas(128) std::atomic<uint32_t> put_{0};
  alignas(128) std::atomic<bool> done_{false};
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_MAP_GROWTH_H_
