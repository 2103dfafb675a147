// What readers of a storm find: an element that checks itself and knows how stale it is.
//
// The life of an element: free; linked (age 0); unlinked (age 1); then one more with each
// grace period, kAges - 1 of them, until it is free again. The first of them poisons the
// data. So a reader that is in one section all the time may see the age 0 or 1 of what it
// holds, and nothing else: an element that it can reach is at most one grace period old.
// As in rcutorture of Linux (McKenney), whose "pipe count" the age is.
//
// An element in its pipeline is not freed, so that a reader that holds one too long finds
// out how much too long, whatever the allocator does.
#ifndef RCUKV_RCU_TORTURE_ELEMENT_H_
#define RCUKV_RCU_TORTURE_ELEMENT_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace rcu::torture {

class alignas(64) Element {
 public:
  // Linked, unlinked, and one and two grace periods after that.
  static constexpr int kAges = 4;
  // The oldest that a reader may see.
  static constexpr int kOldest = 1;

  // ---- Of the writer that has taken it from its ring

  // A free element becomes one of age 0.
  void Build(uint64_t slot, uint64_t generation) {
    slot_ = slot;
    generation_ = generation;
    for (size_t i = 0; i < kWords; ++i) words_[i] = Checksum(slot, generation, i);
    // relaxed: published with the element.
    age_.store(0, std::memory_order_relaxed);
  }

  // relaxed: readers may see either age.
  void WasUnlinked() { age_.store(1, std::memory_order_relaxed); }

  // A grace period has passed. Returns whether the element is free now. Not atomically:
  // two threads that grow the same element are wrong anyway.
  bool Grow() {
    // relaxed: of one thread after another; what orders them is under test.
    const int age = age_.load(std::memory_order_relaxed);
    if (age < 1) {
      ++reclaimed_out_of_turn_;
      return true;
    }
    if (age == 1) Poison();
    if (age + 1 < kAges) {
      age_.store(age + 1, std::memory_order_relaxed);
      return false;
    }
    // release; pairs with the acquire in IsFree: the poison before the next Build.
    age_.store(kFree, std::memory_order_release);
    return true;
  }

  bool IsFree() const { return age_.load(std::memory_order_acquire) == kFree; }
  bool IsLinked() const { return age_.load(std::memory_order_relaxed) == 0; }

  // How often it was reclaimed when it was not unlinked, or free already.
  uint64_t reclaimed_out_of_turn() const { return reclaimed_out_of_turn_; }

  // ---- Of readers

  // Whether it is an element of that slot, and all its words belong together.
  bool IsWhole(uint64_t slot) const {
    if (slot_ != slot) return false;
    for (size_t i = 0; i < kWords; ++i) {
      if (words_[i] != Checksum(slot_, generation_, i)) return false;
    }
    return true;
  }

  uint64_t generation() const { return generation_; }

  // 0 to kAges: kAges for a free one.
  size_t Staleness() const {
    // relaxed: not what a reader relies on.
    const int age = age_.load(std::memory_order_relaxed);
    return static_cast<size_t>(age == kFree ? kAges : age);
  }

 private:
  static constexpr int kFree = -1;
  static constexpr uint64_t kPoison = 0xdead'dead'dead'dead;
  static constexpr size_t kWords = 4;

  static uint64_t Checksum(uint64_t slot, uint64_t generation, size_t i) {
    return (slot * 0x9e37'79b9'7f4a'7c15 + generation) ^ (i << 56);
  }

  void Poison() {
    slot_ = kPoison;
    generation_ = kPoison;
    words_.fill(kPoison);
  }

  // Plain data on purpose: an atomic here would order what the domain has to order, and
  // ThreadSanitizer would not look.
  uint64_t slot_ = 0;
  uint64_t generation_ = 0;
  std::array<uint64_t, kWords> words_{};
  uint64_t reclaimed_out_of_turn_ = 0;
  // Stored by writers, and by the reclaimer.
  std::atomic<int> age_{kFree};
};

// The elements of one writer, taken in turn. Nothing in here orders what the writer does
// before what the reclaimer does, as a list of free elements with a mutex would.
class Ring {
 public:
  explicit Ring(size_t size) : elements_(size) {}

  // The next element, which is free, or null: the oldest one is still in its pipeline.
  Element* Take() {
    Element& next = elements_[taken_ % elements_.size()];
    if (!next.IsFree()) return nullptr;
    ++taken_;
    return &next;
  }

  const std::vector<Element>& elements() const { return elements_; }

 private:
  std::vector<Element> elements_;
  size_t taken_ = 0;
};

}  // namespace rcu::torture

#endif  // RCUKV_RCU_TORTURE_ELEMENT_H_
