// A writer of a storm: replaces elements, and lets those that it has unlinked grow older
// by every way there is of waiting for a grace period.
#ifndef RCUKV_RCU_TORTURE_WRITER_H_
#define RCUKV_RCU_TORTURE_WRITER_H_

#include <sched.h>

#include <cstddef>
#include <deque>

#include "rcu/grace_period.h"
#include "rcu/torture/delay.h"
#include "rcu/torture/element.h"
#include "rcu/torture/shelf.h"

namespace rcu::torture {

// Of one thread, which is in no section and, in qsbr, offline.
template <class D>
class Writer {
 public:
  // `retires_only`: a flood of callbacks.
  Writer(Shelf& shelf, unsigned seed, bool retires_only)
      : shelf_(shelf), retires_only_(retires_only), random_(seed + 1), ring_(kElements) {}

  void WriteOnce() {
    PollWaiting();
    Element* next = ring_.Take();
    if (next == nullptr) {
      WaitForOne();
      return;
    }
    LetGrow(shelf_.Replace(random_() % Shelf::kSlots, next));
  }

  // Returns when all that this thread waits for has grown up. What was retired is not
  // part of it: D::Barrier() as often as an element has ages.
  void Finish() {
    while (!waiting_.empty()) WaitForOne();
  }

  const Ring& ring() const { return ring_; }

 private:
  static constexpr size_t kElements = 4096;
  // What a retired element claims to be: those of three writers are more than the default
  // limit of a backlog.
  static constexpr size_t kElementBytes = size_t{8} << 10;

  struct Waiting {
    Element* element;
    Cookie cookie;
  };

  // An unlinked element, or one that has just grown older.
  void LetGrow(Element* element) {
    switch (retires_only_ ? 0 : random_() % 8) {
      case 0:
      case 1:
        Retire(element);
        break;
      case 2: {
        typename D::WriteGuard section;
        Retire(element);
        break;
      }
      case 3:
        D::Synchronize();
        HasGrown(element);
        break;
      case 4:
        D::Wait(D::GetCookie());
        HasGrown(element);
        break;
      case 5:
      case 6:
        waiting_.push_back({element, D::GetCookie()});
        break;
      case 7:
        waiting_.push_back({element, D::StartGracePeriod()});
        break;
    }
  }

  void HasGrown(Element* element) {
    if (!element->Grow()) LetGrow(element);
  }

  void PollWaiting() {
    while (!waiting_.empty() && D::Poll(waiting_.front().cookie)) TakeFirst();
  }

  void WaitForOne() {
    if (waiting_.empty()) {
      sched_yield();  // What is missing was retired.
      return;
    }
    D::Wait(waiting_.front().cookie);
    TakeFirst();
  }

  void TakeFirst() {
    Element* element = waiting_.front().element;
    waiting_.pop_front();
    HasGrown(element);
  }

  // Again and again, until it is free.
  static void Retire(Element* element) {
    D::Retire(
        element,
        [](void* retired) {
          auto* older = static_cast<Element*>(retired);
          if (!older->Grow()) Retire(older);
        },
        kElementBytes);
  }

  Shelf& shelf_;
  const bool retires_only_;
  Random random_;
  Ring ring_;
  // In the order of their cookies.
  std::deque<Waiting> waiting_;
};

}  // namespace rcu::torture

#endif  // RCUKV_RCU_TORTURE_WRITER_H_
