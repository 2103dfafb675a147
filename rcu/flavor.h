// Flavors: how a reader's announcement is ordered before the loads of its section.
//
// The flavor is a compile-time parameter of Domain. It decides what a reader executes,
// and whether the writer's fence has to be the heavy one.
#ifndef RCUKV_RCU_FLAVOR_H_
#define RCUKV_RCU_FLAVOR_H_

#include <concepts>
#include <string_view>

#include "rcu/fence.h"

namespace rcu {

template <class F>
concept Flavor = requires {
  { F::kName } -> std::convertible_to<std::string_view>;
  // Whether HeavyFence must call membarrier, as ReaderFence is not a fence of the
  // machine.
  { F::kUsesMembarrier } -> std::convertible_to<bool>;
  // Between a reader's announcement and the loads of its section, and between those and
  // the end of the announcement.
  { F::ReaderFence() } -> std::same_as<void>;
};

// Readers execute full memory barriers; a grace period needs no system call. Works
// everywhere.
struct Mb {
  static constexpr std::string_view kName = "mb";
  static constexpr bool kUsesMembarrier = false;
  static void ReaderFence() { FullFence(); }
};

// Readers execute compiler barriers; a grace period calls sys_membarrier(2).
struct Memb {
  static constexpr std::string_view kName = "memb";
  static constexpr bool kUsesMembarrier = true;
  static void ReaderFence() { CompilerBarrier(); }
};

static_assert(Flavor<Mb> && Flavor<Memb>);

}  // namespace rcu

#endif  // RCUKV_RCU_FLAVOR_H_
