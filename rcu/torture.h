// A storm of readers and writers over a few slots, for tests of a domain: no reader may
// ever hold what was reclaimed, and everything is reclaimed exactly once.
//
// Objects check themselves (slot, generation, checksum). Reclaiming one poisons its plain
// data and keeps the memory, so that a reader that still holds it reads the poison; the
// number of grace periods' worth of staleness cannot hide in the allocator.
#ifndef RCUKV_RCU_TORTURE_H_
#define RCUKV_RCU_TORTURE_H_

#include <sched.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "rcu/fence.h"

namespace rcu {

// How long each test storms; the stress target asks for more.
inline std::chrono::milliseconds TortureDuration() {
  const char* text = std::getenv("RCU_TORTURE_MS");
  return std::chrono::milliseconds(text == nullptr ? 700 : std::atoi(text));
}

struct Object {
  static constexpr uint64_t kPoison = 0xdead'dead'dead'dead;
  static constexpr size_t kWords = 6;

  static uint64_t Checksum(uint64_t slot, uint64_t generation, size_t i) {
    return (slot * 0x9e37'79b9'7f4a'7c15 + generation) ^ (i << 56);
  }

  void Build(uint64_t at, uint64_t born) {
    slot = at;
    generation = born;
    for (size_t i = 0; i < kWords; ++i) words[i] = Checksum(at, born, i);
  }
  bool IsWhole(uint64_t at) const {
    if (slot != at) return false;
    for (size_t i = 0; i < kWords; ++i) {
      if (words[i] != Checksum(slot, generation, i)) return false;
    }
    return true;
  }
  void Poison() {
    slot = kPoison;
    generation = kPoison;
    words.fill(kPoison);
  }

  // Plain data on purpose: an atomic here would order what the domain has to order.
  uint64_t slot = 0;
  uint64_t generation = 0;
  std::array<uint64_t, kWords> words{};
  // Not touched by readers.
  std::atomic<int>* reclaims = nullptr;
};

// Objects of one test; kept to its end.
class Pool {
 public:
  explicit Pool(size_t size) : objects_(size), reclaims_(size) {
    for (size_t i = 0; i < size; ++i) objects_[i].reclaims = &reclaims_[i];
  }

  // A fresh object, or null when the pool is used up.
  Object* Take() {
    const size_t i = taken_.fetch_add(1, std::memory_order_relaxed);
    return i < objects_.size() ? &objects_[i] : nullptr;
  }

  size_t Taken() const {
    return std::min(taken_.load(std::memory_order_relaxed), objects_.size());
  }
  size_t ReclaimedTimes(int times) const {
    size_t count = 0;
    for (const auto& reclaims : reclaims_) {
      if (reclaims.load(std::memory_order_relaxed) == times) ++count;
    }
    return count;
  }

  static void Reclaim(void* object) {
    static_cast<Object*>(object)->Poison();
    static_cast<Object*>(object)->reclaims->fetch_add(1, std::memory_order_relaxed);
  }

 private:
  std::vector<Object> objects_;
  std::vector<std::atomic<int>> reclaims_;
  std::atomic<size_t> taken_{0};
};

struct Report {
  uint64_t reads = 0;
  uint64_t broken = 0;
  uint64_t backward = 0;
};

constexpr size_t kSlots = 4;

// What a storm does beside reading and replacing.
struct Storm {
  int readers = 3;
  int writers = 2;
  // Readers end and begin anew after so many sections; 0: never.
  int sections_per_thread = 0;
  // Called over and over by a thread of its own.
  void (*meanwhile)() = nullptr;
};

// One storm. Plain functions, so that nothing is hidden in a closure.
using RetireFunction = void (*)(Object*);

template <class D>
class Torture {
 public:
  static constexpr size_t kObjects = 2'000'000;

  Torture() : pool_(kObjects) {
    for (size_t i = 0; i < kSlots; ++i) {
      Object* object = pool_.Take();
      object->Build(i, 0);
      slots_[i].store(object, std::memory_order_release);
    }
  }

  // Until then, or until the pool is used up.
  Report Run(const Storm& storm, RetireFunction retire,
             std::chrono::steady_clock::time_point until) {
    std::vector<std::thread> threads;
    for (int i = 0; i < storm.readers; ++i) {
      threads.emplace_back([this, &storm, i] { ReadUntilEnd(storm, i); });
    }
    for (int i = 0; i < storm.writers; ++i) {
      threads.emplace_back([this, retire, i] { WriteUntilEnd(retire, i); });
    }
    if (storm.meanwhile != nullptr) {
      threads.emplace_back([this, &storm] {
        while (!Ended()) {
          storm.meanwhile();
          sched_yield();
        }
      });
    }
    while (!Ended() && std::chrono::steady_clock::now() < until) sched_yield();
    end_.store(true, std::memory_order_relaxed);
    for (auto& thread : threads) thread.join();
    return report_;
  }

  const Pool& pool() const { return pool_; }

 private:
  bool Ended() const { return end_.load(std::memory_order_relaxed); }

  void ReadUntilEnd(const Storm& storm, int seed) {
    do {
      if (storm.sections_per_thread == 0) {
        Read(~uint64_t{0}, seed);
      } else {
        const auto sections = static_cast<uint64_t>(storm.sections_per_thread);
        std::thread([this, sections, seed] { Read(sections, seed); }).join();
      }
    } while (!Ended());
  }

  void Read(uint64_t sections, int seed) {
    std::minstd_rand random(static_cast<unsigned>(seed + 1));
    std::array<uint64_t, kSlots> newest{};
    Report mine;
    typename D::OnlineGuard online;
    // At least one section, however late the thread was let run.
    for (uint64_t i = 0; i < sections && (i == 0 || !Ended()); ++i) {
      D::Quiesce();
      const size_t slot = random() % kSlots;
      typename D::ReadGuard guard;
      const Object* object = slots_[slot].load(std::memory_order_acquire);
      const bool whole = object->IsWhole(slot);
      const uint64_t generation = object->generation;
      // Dwell now and then, so that a grace period that does not wait is caught.
      const unsigned dwell = random() % 64 == 0 ? random() % 2000 : 0;
      for (unsigned spin = 0; spin < dwell; ++spin) SpinPause();
      if (dwell > 1900) sched_yield();
      ++mine.reads;
      if (!whole || !object->IsWhole(slot)) ++mine.broken;
      if (generation < newest[slot]) ++mine.backward;
      newest[slot] = generation;
    }
    std::lock_guard<std::mutex> lock(mutex_);
    report_.reads += mine.reads;
    report_.broken += mine.broken;
    report_.backward += mine.backward;
  }

  void WriteUntilEnd(RetireFunction retire, int seed) {
    std::minstd_rand random(static_cast<unsigned>(seed + 100));
    while (!Ended()) {
      const size_t slot = random() % kSlots;
      Object* next = pool_.Take();
      if (next == nullptr) {
        end_.store(true, std::memory_order_relaxed);
        return;
      }
      Object* old = nullptr;
      {
        // Writers of one slot take turns, so that generations only grow.
        std::lock_guard<std::mutex> lock(writers_[slot]);
        // relaxed: stored under the mutex.
        old = slots_[slot].load(std::memory_order_relaxed);
        next->Build(slot, old->generation + 1);
        slots_[slot].store(next, std::memory_order_release);
      }
      retire(old);
    }
  }

  Pool pool_;
  std::array<std::atomic<Object*>, kSlots> slots_{};
  std::array<std::mutex, kSlots> writers_;
  std::atomic<bool> end_{false};
  std::mutex mutex_;
  Report report_;  // guarded by mutex_
};

template <class D>
void RetireOne(Object* object) {
  D::Retire(object, &Pool::Reclaim, sizeof(Object));
}

template <class D>
void SynchronizeAndReclaim(Object* object) {
  D::Synchronize();
  Pool::Reclaim(object);
}

// Storms, with fresh objects as often as they are used up, for TortureDuration().
template <class D>
void StormAndExpectSound(const Storm& storm, RetireFunction retire) {
  const auto until = std::chrono::steady_clock::now() + TortureDuration();
  do {
    Torture<D> torture;
    const Report report = torture.Run(storm, retire, until);
    D::Barrier();
    EXPECT_GT(report.reads, 0u);
    EXPECT_EQ(report.broken, 0u) << "of " << report.reads << " reads";
    EXPECT_EQ(report.backward, 0u);
    // All but the ones that are still in their slots, once.
    const size_t unlinked = torture.pool().Taken() - kSlots;
    EXPECT_EQ(torture.pool().ReclaimedTimes(1), unlinked);
    EXPECT_EQ(torture.pool().ReclaimedTimes(0), Torture<D>::kObjects - unlinked);
  } while (std::chrono::steady_clock::now() < until && !testing::Test::HasFailure());
}

}  // namespace rcu

#endif  // RCUKV_RCU_TORTURE_H_
