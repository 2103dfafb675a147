// A reader of a storm: enters sections, takes hold of an element, dwells, and looks
// whether the element has stayed what it was.
#ifndef RCUKV_RCU_TORTURE_READER_H_
#define RCUKV_RCU_TORTURE_READER_H_

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <thread>

#include "rcu/torture/delay.h"
#include "rcu/torture/element.h"
#include "rcu/torture/report.h"
#include "rcu/torture/shelf.h"

namespace rcu::torture {

// Of one thread; or of the signal handlers of one thread. In qsbr the thread is online.
template <class D>
class Reader {
 public:
  Reader(const Shelf& shelf, unsigned seed) : shelf_(shelf), random_(seed + 1) {}

  // A section, with another one nested in it now and then.
  void Section() {
    Begin();
    Delay(random_);
    if (OneIn(random_, 8)) {
      D::lock();
      const Held nested = Take();
      if (OneIn(random_, 8)) Delay(random_);
      LookAgain(nested);
      D::unlock();
      if (OneIn(random_, 8)) Delay(random_);
    }
    End();
  }

  // Of a signal handler. Long enough, now and then, for grace periods to end that do not
  // wait for it.
  void HandlerSection() {
    Begin();
    if (OneIn(random_, 8)) Spin(std::chrono::microseconds(50));
    End();
  }

  template <class Duration>
  void SectionThatSleeps(Duration time) {
    Begin();
    std::this_thread::sleep_for(time);
    End();
  }

  // The two ends of a section, for those that overlap with a section of another domain.
  void Begin() {
    D::lock();
    held_ = Take();
  }
  void End() {
    LookAgain(held_);
    D::unlock();
  }

  const Report& report() const { return report_; }

 private:
  struct Held {
    const Element* element = nullptr;
    size_t slot = 0;
    uint64_t generation = 0;
  };

  Held Take() {
    const size_t slot = random_() % Shelf::kSlots;
    const Element* element = shelf_.Find(slot);
    if (!element->IsWhole(slot)) ++report_.broken;
    const Held held = {element, slot, element->generation()};
    if (held.generation < newest_[slot]) ++report_.backward;
    newest_[slot] = held.generation;
    return held;
  }

  void LookAgain(const Held& held) {
    const Element& element = *held.element;
    ++report_.reads;
    ++report_.staleness[element.Staleness()];
    if (!element.IsWhole(held.slot) || element.generation() != held.generation) {
      ++report_.broken;
    }
  }

  const Shelf& shelf_;
  Random random_;
  Held held_;  // by the open section
  std::array<uint64_t, Shelf::kSlots> newest_{};
  Report report_;
};

}  // namespace rcu::torture

#endif  // RCUKV_RCU_TORTURE_READER_H_
