// Readers, writers and the like of one pointer, and how much they do in a second.
//
// One template for every library and flavor, so that the work is the same by
// construction. `Rcu` is an adapter, of static members that do nothing where a flavor
// needs nothing:
//
//   absl::Status Prepare()                   before there are threads; UNAVAILABLE where
//                                            the machine cannot do it, with a reason
//   void RegisterThread(), UnregisterThread()
//   class Section                            a section, for as long as it lives
//   void Quiesce()                           between sections
//   void Offline()                           before a registered thread sleeps
//   void Synchronize()
#ifndef RCUKV_BENCH_RCU_LOAD_H_
#define RCUKV_BENCH_RCU_LOAD_H_

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "bench/counter.h"
#include "bench/figures.h"
#include "bench/rcu/sample_options.h"

namespace rcukv::bench {

template <class Rcu>
class Load {
 public:
  explicit Load(const SampleOptions& options)
      : options_(options),
        reads_(static_cast<size_t>(options.readers)),
        writes_(static_cast<size_t>(options.writers)),
        syncs_(static_cast<size_t>(options.synchronizers)),
        objects_(1 + 2 * writes_.size()) {
    // relaxed: there are no threads yet.
    current_.store(&objects_[0], std::memory_order_relaxed);
  }

  // "reads_per_second", "writes_per_second", "syncs_per_second".
  Figures Measure() {
    Start();
    for (const Counters* counters : {&reads_, &writes_, &syncs_}) {
      WaitUntilAllMove(*counters);
    }
    SleepFor(WarmUpSeconds(options_.seconds));
    const Snapshot before = Take();
    SleepFor(options_.seconds);
    const Snapshot after = Take();
    Stop();
    const double seconds =
        std::chrono::duration<double>(after.time - before.time).count();
    return {{"reads_per_second", (after.reads - before.reads) / seconds},
            {"writes_per_second", (after.writes - before.writes) / seconds},
            {"syncs_per_second", (after.syncs - before.syncs) / seconds}};
  }

 private:
  using Clock = std::chrono::steady_clock;

  // Sections between two looks at the stop flag, and between two quiescent states: what
  // liburcu's own benchmark of qsbr has.
  static constexpr int kSectionsPerLook = 1024;

  // An object that readers may find is alive; the writer that has it back kills it.
  static constexpr uint64_t kAlive = 8;
  static constexpr uint64_t kDead = 0;
  struct alignas(64) Object {
    std::atomic<uint64_t> value{kAlive};
  };

  struct Snapshot {
    Clock::time_point time;
    double reads = 0;
    double writes = 0;
    double syncs = 0;
  };

  void Start() {
    for (Counter& reads : reads_) threads_.emplace_back([&] { Read(reads); });
    for (size_t i = 0; i < writes_.size(); ++i) {
      threads_.emplace_back([this, i] { Write(&objects_[1 + 2 * i], writes_[i]); });
    }
    for (Counter& syncs : syncs_) threads_.emplace_back([&] { Synchronize(syncs); });
    for (int64_t i = 0; i < options_.idle; ++i) threads_.emplace_back([&] { Idle(); });
  }

  void Stop() {
    // relaxed: it carries nothing.
    stop_.store(true, std::memory_order_relaxed);
    stop_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  bool Stopped() const { return stop_.load(std::memory_order_relaxed); }

  void Read(Counter& reads) {
    Rcu::RegisterThread();
    while (!Stopped()) {
      for (int i = 0; i < kSectionsPerLook; ++i) ReadOnce();
      Rcu::Quiesce();
      reads.Add(kSectionsPerLook);
    }
    Rcu::UnregisterThread();
  }

  [[gnu::always_inline]] void ReadOnce() const {
    const typename Rcu::Section section;
    // acquire; pairs with the exchange in Write: the object is seen alive.
    const Object* object = current_.load(std::memory_order_acquire);
    if (object->value.load(std::memory_order_relaxed) != kAlive) [[unlikely]]
      Die();
  }

  // Objects are used again, by whoever has them, so that no allocator is measured. Each
  // stays dead while the next is replaced: a reader that came too late can find it so.
  void Write(Object* first, Counter& writes) {
    Object* alive = first;
    Object* dead = first + 1;
    while (!Stopped()) {
      // relaxed, here and below: ordered by the exchange and the grace period.
      alive->value.store(kAlive, std::memory_order_relaxed);
      // release: pairs with the load in ReadOnce. acquire: what it returns was another
      // writer's, and is killed here.
      Object* old = current_.exchange(alive, std::memory_order_acq_rel);
      Rcu::Synchronize();
      old->value.store(kDead, std::memory_order_relaxed);
      alive = dead;
      dead = old;
      writes.Add(1);
    }
  }

  // Registered, as a thread of a program that reads as well: with no thread registered
  // there is nothing to wait for, and liburcu's call returns at once.
  void Synchronize(Counter& syncs) {
    Rcu::RegisterThread();
    Rcu::Offline();
    while (!Stopped()) {
      Rcu::Synchronize();
      syncs.Add(1);
    }
    Rcu::UnregisterThread();
  }

  void Idle() {
    Rcu::RegisterThread();
    Rcu::Offline();
    stop_.wait(false, std::memory_order_relaxed);
    Rcu::UnregisterThread();
  }

  [[gnu::noinline, gnu::cold]] static void Die() {
    std::fputs("a reader found an object that was reclaimed\n", stderr);
    std::abort();
  }

  Snapshot Take() const { return {Clock::now(), Sum(reads_), Sum(writes_), Sum(syncs_)}; }

  const SampleOptions options_;
  Counters reads_;
  Counters writes_;
  Counters syncs_;
  // One that readers find, and two of each writer.
  std::vector<Object> objects_;
  alignas(128) std::atomic<Object*> current_{nullptr};
  alignas(128) std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_RCU_LOAD_H_
