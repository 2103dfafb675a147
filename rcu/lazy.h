// An object that is made by whoever needs it first, and never destroyed: threads may
// outlive main.
//
// No thread waits for another one that makes it, as with a static of a function: two
// threads may make one each, and the first to publish its own wins. So a fork in the
// middle leaves the child with nothing locked, and what a constructor does beside making
// the object must bear being done twice.
#ifndef RCUKV_RCU_LAZY_H_
#define RCUKV_RCU_LAZY_H_

#include <atomic>

namespace rcu {

// Thread safety: every method may be called by any thread.
template <class T>
class Lazy {
 public:
  constexpr Lazy() = default;

  T& Get() {
    T* object = IfMade();
    return object != nullptr ? *object : Make();
  }

  // Null: it is not made yet.
  T* IfMade() const {
    // [N1] acquire; pairs with [N2]: an object that is found is found made.
    return object_.load(std::memory_order_acquire);
  }

 private:
  [[gnu::noinline, gnu::cold]] T& Make() {
    T* mine = new T;
    T* other = nullptr;
    // [N2] release, and acquire where another thread was first; pairs with [N1].
    if (object_.compare_exchange_strong(other, mine, std::memory_order_acq_rel,
                                        std::memory_order_acquire)) {
      return *mine;
    }
    delete mine;
    return *other;
  }

  std::atomic<T*> object_{nullptr};
};

}  // namespace rcu

#endif  // RCUKV_RCU_LAZY_H_
