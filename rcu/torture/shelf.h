// Where the readers of a storm find elements: a few slots that writers keep replacing.
#ifndef RCUKV_RCU_TORTURE_SHELF_H_
#define RCUKV_RCU_TORTURE_SHELF_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <mutex>

#include "rcu/torture/element.h"

namespace rcu::torture {

class Shelf {
 public:
  static constexpr size_t kSlots = 4;

  Shelf() : first_(kSlots) {
    for (size_t slot = 0; slot < kSlots; ++slot) {
      Element* element = first_.Take();
      element->Build(slot, /*generation=*/0);
      slots_[slot].store(element, std::memory_order_release);
    }
  }

  // Inside a section; valid until it ends.
  const Element* Find(size_t slot) const {
    return slots_[slot].load(std::memory_order_acquire);
  }

  // Links `next`, which is free. Returns the element that it unlinks. Generations of a
  // slot only grow.
  Element* Replace(size_t slot, Element* next) {
    Element* old = nullptr;
    {
      std::lock_guard<std::mutex> lock(mutexes_[slot]);
      // relaxed: stored under the mutex.
      old = slots_[slot].load(std::memory_order_relaxed);
      next->Build(slot, old->generation() + 1);
      slots_[slot].store(next, std::memory_order_release);
    }
    old->WasUnlinked();
    return old;
  }

  // The ring of those that were there at first.
  const Ring& first() const { return first_; }

 private:
  Ring first_;
  std::array<std::atomic<Element*>, kSlots> slots_{};
  std::array<std::mutex, kSlots> mutexes_;
};

}  // namespace rcu::torture

#endif  // RCUKV_RCU_TORTURE_SHELF_H_
