// Samples of liburcu, the peer, with its fast paths inlined (_LGPL_SOURCE).
#define _LGPL_SOURCE
#include <urcu/urcu-mb.h>
#include <urcu/urcu-memb.h>
#include <urcu/urcu-qsbr.h>
#include <urcu/urcu-signal.h>

#include <cstddef>

#include "absl/status/status.h"
#include "bench/rcu/sampler.h"

// call-rcu.h declares these for the flavor that is included first alone.
#define RCUKV_LIBURCU_DECLARE(flavor)                                                \
  extern "C" void urcu_##flavor##_call_rcu(rcu_head* head, void (*func)(rcu_head*)); \
  extern "C" void urcu_##flavor##_barrier();

RCUKV_LIBURCU_DECLARE(mb)
RCUKV_LIBURCU_DECLARE(memb)
RCUKV_LIBURCU_DECLARE(qsbr)
RCUKV_LIBURCU_DECLARE(signal)

#undef RCUKV_LIBURCU_DECLARE

namespace rcukv::bench {
namespace {

// What every flavor has under a name with another prefix.
#define RCUKV_LIBURCU_FLAVOR(flavor)                                      \
  using Hook = rcu_head;                                                  \
  static void RegisterThread() { urcu_##flavor##_register_thread(); }     \
  static void UnregisterThread() { urcu_##flavor##_unregister_thread(); } \
  struct Section {                                                        \
    Section() { urcu_##flavor##_read_lock(); }                            \
    ~Section() { urcu_##flavor##_read_unlock(); }                         \
  };                                                                      \
  static void Quiesce() { urcu_##flavor##_quiescent_state(); }            \
  static void Offline() { urcu_##flavor##_thread_offline(); }             \
  static void Synchronize() { urcu_##flavor##_synchronize_rcu(); }        \
  template <void (*reclaim)(Hook*)>                                       \
  static void Retire(Hook* hook, size_t) {                                \
    urcu_##flavor##_call_rcu(hook, reclaim);                              \
  }                                                                       \
  static void Barrier() { urcu_##flavor##_barrier(); }

struct Memb {
  RCUKV_LIBURCU_FLAVOR(memb)
  // Without membarrier its readers would execute fences, and it would be another flavor.
  static absl::Status Prepare() {
    if (urcu_memb_has_sys_membarrier) return absl::OkStatus();
    return absl::UnavailableError("liburcu found no membarrier");
  }
};

struct Mb {
  RCUKV_LIBURCU_FLAVOR(mb)
  static absl::Status Prepare() { return absl::OkStatus(); }
};

struct Signal {
  RCUKV_LIBURCU_FLAVOR(signal)
  static absl::Status Prepare() { return absl::OkStatus(); }
};

struct Qsbr {
  RCUKV_LIBURCU_FLAVOR(qsbr)
  static absl::Status Prepare() { return absl::OkStatus(); }
};

#undef RCUKV_LIBURCU_FLAVOR

}  // namespace
}  // namespace rcukv::bench

int main(int argc, char** argv) {
  using namespace rcukv::bench;
  return SamplerMain(argc, argv,
                     {ContenderOf<Mb>("mb"), ContenderOf<Memb>("memb"),
                      // In the binary that liburcu_non_expedited.cc is part of.
                      ContenderOf<Memb>("non_expedited"), ContenderOf<Signal>("signal"),
                      ContenderOf<Qsbr>("qsbr")});
}
