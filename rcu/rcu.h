// RCU under the names of C++26's header <rcu>, on MembDomain.
//
//   struct Config : rcu::rcu_obj_base<Config> { int timeout_ms = 100; };
//   std::atomic<Config*> current;
//
//   int Timeout() {                                  // a reader
//     std::scoped_lock region(rcu::rcu_default_domain());
//     return current.load(std::memory_order_acquire)->timeout_ms;
//   }
//
//   void Change(Config* next) {                      // a writer
//     Config* old = current.exchange(next, std::memory_order_acq_rel);
//     old->retire();
//   }
//
// The names, parameters and defaults are the standard's own, to the letter, in namespace
// rcu: so this header alone does not follow the project's style. A program that is
// written against it moves to a compiler's <rcu> by changing one namespace, and who knows
// the standard knows this header. The semantics are those of [saferecl.rcu] (P2545). What
// the standard leaves open is settled like this:
//
// - There is one rcu_domain, the default one. Its regions are the sections of MembDomain:
//   what domain.h says of sections, signal handlers and fork holds here, and the two
//   interfaces may be mixed. For other flavors, further domains, cookies and settings use
//   Domain itself.
// - Deleters run on the domain's own thread, never in unlock, retire or rcu_retire.
// - retire and rcu_retire wait where the backlog of retired bytes is past its limit, but
//   not inside a region: guarantee (e) of domain.h. So the standard's warning of locks
//   that both a deleter and a caller of retire take holds here too. What counts is
//   sizeof(T), and of rcu_retire what it allocates for the deleter.
// - rcu_synchronize and rcu_barrier inside a region, and rcu_barrier in a deleter, would
//   wait for themselves: they end the program with a message.
// - What is retired when the program ends is not reclaimed without an rcu_barrier.
//
// Where membarrier is missing or forbidden no grace period of this domain can end:
// nothing is freed, rcu_synchronize does not return, and stderr says why. To fall back
// silently would take a branch in each reader. So a program that may run in such places
// asks rcu::MembDomain::Prepare() at its start, and where that is refused uses another
// Domain.
#ifndef RCUKV_RCU_RCU_H_
#define RCUKV_RCU_RCU_H_

#include <bit>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

#include "rcu/domain.h"

namespace rcu {

// A set of readers. Lockable, so that std::scoped_lock and std::unique_lock open and
// close regions of RCU protection.
//
// Thread safety: every member may be called by any thread at any time. Regions nest; each
// is closed by the thread that opened it.
class rcu_domain {
 public:
  rcu_domain(const rcu_domain&) = delete;
  rcu_domain& operator=(const rcu_domain&) = delete;

  void lock() noexcept { MembDomain::lock(); }
  // Always succeeds.
  bool try_lock() noexcept { return MembDomain::try_lock(); }
  void unlock() noexcept { MembDomain::unlock(); }

 private:
  friend rcu_domain& rcu_default_domain() noexcept;
  constexpr rcu_domain() = default;
};

// The same object at each call, in every translation unit.
inline rcu_domain& rcu_default_domain() noexcept {
  static constinit rcu_domain domain;
  return domain;
}

// Returns when every region that was open at the call has been closed.
inline void rcu_synchronize(rcu_domain& /*dom*/ = rcu_default_domain()) noexcept {
  MembDomain::Synchronize();
}

// Returns when every deleter that was scheduled before the call, by any thread, has run.
inline void rcu_barrier(rcu_domain& /*dom*/ = rcu_default_domain()) noexcept {
  MembDomain::Barrier();
}

// The base of objects that bring the room for their own retirement: class T derives from
// rcu_obj_base<T>, publicly, and from no other specialization. T may be incomplete until
// retire is called.
//
// D is what ends a T: a function object that is default-constructible and
// move-assignable. An empty one takes no room.
template <class T, class D = std::default_delete<T>>
class rcu_obj_base {
 public:
  // Calls d(this object) after a grace period. To be called once in an object's life,
  // after it has been unlinked. Keeps d in the object; allocates nothing for it. An
  // exception from d ends the program.
  void retire(D d = D(), rcu_domain& /*dom*/ = rcu_default_domain()) noexcept {
    deleter_ = std::move(d);
    MembDomain::Retire(static_cast<T*>(this), &Delete, sizeof(T));
  }

 protected:
  rcu_obj_base() = default;
  rcu_obj_base(const rcu_obj_base&) = default;
  rcu_obj_base(rcu_obj_base&&) = default;
  rcu_obj_base& operator=(const rcu_obj_base&) = default;
  rcu_obj_base& operator=(rcu_obj_base&&) = default;
  ~rcu_obj_base() = default;

 private:
  static void Delete(void* retired) {
    T* object = static_cast<T*>(retired);
    // Out of the object, which ends during the call, and what is in it ends with it.
    D deleter = D();
    deleter = std::move(static_cast<rcu_obj_base*>(object)->deleter_);
    deleter(object);
  }

  [[no_unique_address]] D deleter_;
};

namespace internal {

// Where a deleter has no state, any of its type is as good as the one that was passed.
template <class D>
inline constexpr bool kIsStateless =
    std::conjunction_v<std::is_empty<D>, std::is_trivially_copyable<D>> && sizeof(D) == 1;

// What rcu_retire allocates for another one.
template <class T, class D>
struct RetiredWithDeleter {
  T* object;
  D deleter;
};

// Of what an incomplete T weighs nothing is known.
template <class T>
constexpr size_t BytesOf() {
  if constexpr (requires { sizeof(T); }) {
    return sizeof(T);
  } else {
    return 0;
  }
}

}  // namespace internal

// Calls d(p) after a grace period. *p must have been unlinked; it need not derive from
// anything, and T may be incomplete if d can cope with that.
//
// Allocates nothing for a deleter that is empty and trivially copyable, as
// std::default_delete and lambdas without captures are; a small node for any other one.
// Throws std::bad_alloc where there is no memory for that, and what the move constructor
// of D throws: nothing has been scheduled then. An exception from d(p) ends the program.
template <class T, class D = std::default_delete<T>>
void rcu_retire(T* p, D d = D(), rcu_domain& /*dom*/ = rcu_default_domain()) {
  static_assert(std::is_move_constructible_v<D>);
  if constexpr (internal::kIsStateless<D>) {
    MembDomain::Retire(
        const_cast<std::remove_cv_t<T>*>(p),
        [](void* retired) {
          D deleter = std::bit_cast<D>('\0');
          deleter(static_cast<T*>(retired));
        },
        internal::BytesOf<T>());
  } else {
    using Node = internal::RetiredWithDeleter<T, D>;
    MembDomain::Retire(
        new Node{p, std::move(d)},
        [](void* retired) {
          const std::unique_ptr<Node> node(static_cast<Node*>(retired));
          node->deleter(node->object);
        },
        internal::BytesOf<T>() + sizeof(Node));
  }
}

}  // namespace rcu

#endif  // RCUKV_RCU_RCU_H_
