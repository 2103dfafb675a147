#include "bench/rcu/modes_load.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "bench/counter.h"
#include "bench/rcu/interrupts.h"
#include "bench/rcu/modes_rates.h"
#include "bench/rcu/pace.h"
#include "loadtest/base/latency_histogram.h"
#include "rcu/domain.h"
#include "rcu/membarrier.h"

namespace rcukv::bench {
namespace {

using Clock = Pace::Clock;
using Domain = rcu::MembDomain;
using Seconds = std::chrono::duration<double>;
using loadtest::LatencyHistogram;

// Sections between two looks at the stop flag.
constexpr int kSectionsPerLook = 1024;
// What is due within such a time is retired at once: waking up for every object would be
// a load of its own.
constexpr std::chrono::milliseconds kRetireTogether{1};

constexpr char kInterrupts[] = "interrupts_per_second";

// What readers look for in the object that they find.
constexpr uint64_t kAlive = 8;
constexpr uint64_t kDead = 0;

struct alignas(64) Object {
  std::atomic<uint64_t> value{kAlive};
  // Of what is retired: when, and where its wait is recorded, if anywhere.
  Clock::time_point retired;
  LatencyHistogram* waits = nullptr;

  // Only when nobody can find it any more.
  void Kill() {
    // relaxed: ordered by the grace period.
    value.store(kDead, std::memory_order_relaxed);
    delete this;
  }
};

uint64_t Nanoseconds(Clock::duration duration) {
  return static_cast<uint64_t>(
      std::max<int64_t>(0, std::chrono::nanoseconds(duration).count()));
}

// From when a call was due, and from when it was made.
struct SyncLatencies {
  LatencyHistogram due;
  LatencyHistogram call;
};

// The time that is watched.
struct Window {
  Clock::time_point begin;
  Clock::time_point end;

  bool Has(Clock::time_point time) const { return begin <= time && time < end; }
};

class ModesLoad {
 public:
  explicit ModesLoad(const ModesLoadOptions& options)
      : options_(options),
        reads_(static_cast<size_t>(options.readers)),
        latencies_(static_cast<size_t>(options.synchronizers)) {}

  ~ModesLoad() {
    // relaxed: every other thread was joined.
    delete current_.load(std::memory_order_relaxed);
  }

  Figures Measure() {
    // So long the load runs before, and so long the machine is watched without it.
    const double warm_up = WarmUpSeconds(options_.seconds);
    const Figures idle = Watched([&] { std::this_thread::sleep_for(Seconds(warm_up)); });
    StartReaders();
    const Clock::time_point start = Clock::now();
    const Window window = {.begin = start + Duration(warm_up),
                           .end = start + Duration(warm_up + options_.seconds)};
    StartWriters(start, window);
    std::this_thread::sleep_until(window.begin);
    Figures figures = Watched([&] { std::this_thread::sleep_until(window.end); });
    Stop();
    if (const auto found = idle.find(kInterrupts); found != idle.end()) {
      figures[std::string(kInterrupts) + "_before"] = found->second;
    }
    AddLatencies(figures);
    return figures;
  }

 private:
  static Clock::duration Duration(double seconds) {
    return std::chrono::duration_cast<Clock::duration>(Seconds(seconds));
  }

  void StartReaders() {
    for (Counter& reads : reads_) readers_.emplace_back([&] { Read(reads); });
    WaitUntilAllMove(reads_);
  }

  void StartWriters(Clock::time_point start, const Window& window) {
    syncs_.emplace(start, options_.syncs_per_second);
    for (SyncLatencies& latencies : latencies_) {
      writers_.emplace_back(
          [this, window, &latencies] { Synchronize(window, latencies); });
    }
    retires_.emplace(start, options_.retires_per_second);
    writers_.emplace_back([this, window] { Retire(window); });
  }

  // Writers end by the clock, when everything that was due is done: what came late is
  // counted as well. Readers go on until then.
  void Stop() {
    for (std::thread& writer : writers_) writer.join();
    // relaxed: it carries nothing.
    stop_.store(true, std::memory_order_relaxed);
    for (std::thread& reader : readers_) reader.join();
    Domain::Barrier();
  }

  void Read(Counter& reads) const {
    // relaxed: see Stop.
    while (!stop_.load(std::memory_order_relaxed)) {
      for (int i = 0; i < kSectionsPerLook; ++i) ReadOnce();
      reads.Add(kSectionsPerLook);
    }
  }

  [[gnu::always_inline]] void ReadOnce() const {
    const Domain::ReadGuard guard;
    // acquire; pairs with the exchange in Replace: the object is seen alive.
    const Object* object = current_.load(std::memory_order_acquire);
    if (object->value.load(std::memory_order_relaxed) != kAlive) [[unlikely]]
      Die();
  }

  // Returns the object that was there before.
  Object* Replace() {
    // release: pairs with the load in ReadOnce. acquire: what it returns was another
    // writer's.
    return current_.exchange(new Object, std::memory_order_acq_rel);
  }

  void Synchronize(const Window& window, SyncLatencies& latencies) {
    for (auto due = syncs_->Next(); due < window.end; due = syncs_->Next()) {
      std::this_thread::sleep_until(due);
      Object* old = Replace();
      const Clock::time_point call = Clock::now();
      Domain::Synchronize();
      const Clock::time_point end = Clock::now();
      old->Kill();
      // relaxed: a figure.
      writes_.fetch_add(1, std::memory_order_relaxed);
      if (!window.Has(due)) continue;
      latencies.due.Record(Nanoseconds(end - due));
      latencies.call.Record(Nanoseconds(end - call));
    }
  }

  void Retire(const Window& window) {
    for (auto due = retires_->Next(); due < window.end; due = retires_->Next()) {
      if (due > Clock::now()) std::this_thread::sleep_until(due + kRetireTogether);
      Object* old = Replace();
      old->retired = Clock::now();
      old->waits = window.Has(old->retired) ? &waits_ : nullptr;
      Domain::Retire(old, &Reclaim, sizeof(Object));
    }
  }

  // On the domain's thread, which alone records what waits.
  static void Reclaim(void* retired) {
    auto* object = static_cast<Object*>(retired);
    if (object->waits != nullptr) {
      object->waits->Record(Nanoseconds(Clock::now() - object->retired));
    }
    object->Kill();
  }

  [[gnu::noinline, gnu::cold]] static void Die() {
    std::fputs("a reader found an object that was reclaimed\n", stderr);
    std::abort();
  }

  ModesCounts Count() const {
    return {.time = Clock::now(),
            .reads = static_cast<uint64_t>(Sum(reads_)),
            // relaxed: a figure.
            .writes = writes_.load(std::memory_order_relaxed),
            .calls = rcu::CountMembarrierCalls(),
            .interrupts = FunctionCallInterrupts(ReadProcInterrupts())};
  }

  // What happens a second until `wait` returns.
  template <class Wait>
  Figures Watched(Wait wait) const {
    const ModesCounts before = Count();
    wait();
    return RatesBetween(before, Count());
  }

  static void AddPercentiles(const std::string& name, const std::string& unit,
                             double unit_ns, const LatencyHistogram& latencies,
                             Figures& figures) {
    for (const int percent : {50, 99}) {
      figures[name + "_p" + std::to_string(percent) + "_" + unit] =
          static_cast<double>(latencies.Percentile(percent)) / unit_ns;
    }
  }

  void AddLatencies(Figures& figures) const {
    SyncLatencies all;
    for (const SyncLatencies& latencies : latencies_) {
      all.due.Merge(latencies.due);
      all.call.Merge(latencies.call);
    }
    AddPercentiles("sync", "us", 1e3, all.call, figures);
    AddPercentiles("sync_due", "us", 1e3, all.due, figures);
    AddPercentiles("reclaim", "ms", 1e6, waits_, figures);
  }

  const ModesLoadOptions options_;
  Counters reads_;
  // Apart from what every reader loads.
  alignas(128) std::atomic<uint64_t> writes_{0};
  std::vector<SyncLatencies> latencies_;
  LatencyHistogram waits_;
  std::optional<Pace> syncs_;
  std::optional<Pace> retires_;
  alignas(128) std::atomic<Object*> current_{new Object};
  alignas(128) std::atomic<bool> stop_{false};
  std::vector<std::thread> readers_;
  std::vector<std::thread> writers_;
};

}  // namespace

Figures MeasureModesLoad(const ModesLoadOptions& options) {
  return ModesLoad(options).Measure();
}

}  // namespace rcukv::bench
