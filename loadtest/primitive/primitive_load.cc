#include "loadtest/primitive/primitive_load.h"

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "loadtest/base/cpu_time.h"
#include "loadtest/base/interrupt.h"
#include "loadtest/primitive/strategy_domain.h"

namespace rcukv::loadtest {
namespace {

using Clock = std::chrono::steady_clock;

// Sections between two looks at the stop flag.
constexpr int kSectionsPerLook = 1000;

struct PrimitiveTag {};

struct Object {
  // What an object holds that nobody should see any more.
  static constexpr uint64_t kFreed = 0;

  // Number of a write; never kFreed while readers may see it.
  uint64_t value = 1;
};

// Leaves a mark for readers that come too late.
void Free(Object* object) {
  object->value = Object::kFreed;
  // The store happens, though nobody is to see it.
  asm volatile("" : : "r"(object) : "memory");
  delete object;
}

struct Reads {
  uint64_t reads = 0;
  uint64_t wrong = 0;
  uint64_t cpu_ns = 0;
};

// One run of readers and writers on a Domain.
template <class Domain>
class Run {
 public:
  explicit Run(const PrimitiveLoad& load)
      : reads_(static_cast<size_t>(load.readers)),
        writes_(static_cast<size_t>(load.writers)) {}

  ~Run() {
    // relaxed: no thread is left.
    delete current_.load(std::memory_order_relaxed);
  }

  PrimitiveRates Measure(absl::Duration duration) {
    const Clock::time_point start = Clock::now();
    std::vector<std::thread> threads;
    for (Reads& reads : reads_) threads.emplace_back([&] { reads = Read(); });
    for (uint64_t& writes : writes_) threads.emplace_back([&] { writes = Write(); });
    SleepUnlessInterrupted(duration);
    // relaxed: it carries nothing.
    stop_.store(true, std::memory_order_relaxed);
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    for (std::thread& thread : threads) thread.join();
    return Rates(seconds);
  }

 private:
  PrimitiveRates Rates(double seconds) const {
    Reads sum;
    for (const Reads& reads : reads_) {
      sum.reads += reads.reads;
      sum.wrong += reads.wrong;
      sum.cpu_ns += reads.cpu_ns;
    }
    uint64_t writes = 0;
    for (const uint64_t mine : writes_) writes += mine;
    const auto reads = static_cast<double>(sum.reads);
    return {
        .reads_per_second = reads / seconds,
        .writes_per_second = static_cast<double>(writes) / seconds,
        .cpu_ns_per_read = sum.reads == 0 ? 0 : static_cast<double>(sum.cpu_ns) / reads,
        .reads = sum.reads,
        .wrong = sum.wrong};
  }

  // relaxed: it carries nothing.
  bool Stopped() const { return stop_.load(std::memory_order_relaxed); }

  Reads Read() {
    // For qsbr, whose sections are what lies between two quiescent states.
    typename Domain::OnlineGuard online;
    const uint64_t cpu_before = ThreadCpuNs();
    Reads mine;
    while (!Stopped()) {
      Domain::Quiesce();
      for (int i = 0; i < kSectionsPerLook; ++i) {
        typename Domain::ReadGuard guard;
        // acquire; pairs with the exchange in Publish: the object is seen made.
        const uint64_t value = current_.load(std::memory_order_acquire)->value;
        mine.wrong += value == Object::kFreed;
        // The read happens in the section, whatever the compiler thinks of it.
        asm volatile("" : : "r"(value));
      }
      mine.reads += kSectionsPerLook;
    }
    mine.cpu_ns = ThreadCpuNs() - cpu_before;
    return mine;
  }

  uint64_t Write() {
    uint64_t writes = 0;
    while (!Stopped()) Free(Publish(new Object{++writes}));
    return writes;
  }

  // Returns what no reader can reach any more.
  Object* Publish(Object* next) {
    Object* old;
    {
      typename Domain::WriteGuard guard;
      // release: pairs with the load in Read. acquire: what it returns was made by
      // another writer, and is freed here.
      old = current_.exchange(next, std::memory_order_acq_rel);
    }
    Domain::Synchronize();
    return old;
  }

  alignas(64) std::atomic<Object*> current_{new Object};
  alignas(64) std::atomic<bool> stop_{false};
  std::vector<Reads> reads_;
  std::vector<uint64_t> writes_;
};

}  // namespace

absl::Status PreparePrimitive(const Strategy& strategy) {
  return PrepareDomain<PrimitiveTag>(strategy);
}

PrimitiveRates RunPrimitiveLoad(const Strategy& strategy, const PrimitiveLoad& load) {
  return WithDomain<PrimitiveTag>(strategy, [&load]<class Domain>() {
    return Run<Domain>(load).Measure(load.duration);
  });
}

}  // namespace rcukv::loadtest
