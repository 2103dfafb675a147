// A strategy in this process: its RCU domain, or lock, as a type.
//
//   struct Tag {};
//   if (auto status = PrepareDomain<Tag>(strategy); !status.ok()) return status;
//   WithDomain<Tag>(strategy, [&]<class Domain>() { return Run<Domain>(load); });
//
// Each file that uses this has a Tag of its own, and so domains: a membarrier mode is the
// domain's. (And the sections of one rseq domain cannot be compiled into two object
// files: linkers refuse the tables of restartable sequences of the one that they drop.)
#ifndef RCUKV_LOADTEST_PRIMITIVE_STRATEGY_DOMAIN_H_
#define RCUKV_LOADTEST_PRIMITIVE_STRATEGY_DOMAIN_H_

#include <cstdlib>

#include "absl/status/status.h"
#include "loadtest/base/strategy.h"
#include "rcu/domain.h"
#include "rcu/lock_domain.h"
#include "rcu/membarrier.h"

namespace rcukv::loadtest {

// visit.operator()<Domain>() with the domain of the strategy's flavor.
template <class Tag, class Visit>
auto WithDomain(const Strategy& strategy, Visit&& visit) {
  switch (strategy.flavor) {
    case v1::MB:
      return visit.template operator()<rcu::Domain<rcu::Mb, Tag>>();
    case v1::MEMB:
      return visit.template operator()<rcu::Domain<rcu::Memb, Tag>>();
    case v1::SIGNAL:
      return visit.template operator()<rcu::Domain<rcu::Signal, Tag>>();
    case v1::QSBR:
      return visit.template operator()<rcu::Domain<rcu::Qsbr, Tag>>();
    case v1::RSEQ:
      return visit.template operator()<rcu::Domain<rcu::Rseq, Tag>>();
    case v1::RWLOCK:
      return visit.template operator()<rcu::RwLockDomain<Tag>>();
    case v1::MUTEX:
      return visit.template operator()<rcu::MutexDomain>();
    default:
      std::abort();  // No strategy has another flavor.
  }
}

// Makes the process and the domain ready for the strategy, with its membarrier mode.
// Wanted before each use, as strategies of one flavor share a domain. FAILED_PRECONDITION
// with what the machine lacks.
//
// Thread safety: one thread, while no load runs.
template <class Tag>
absl::Status PrepareDomain(const Strategy& strategy) {
  return WithDomain<Tag>(strategy, [&strategy]<class Domain>() -> absl::Status {
    if (absl::Status status = Domain::Prepare(); !status.ok()) return status;
    if (strategy.membarrier_mode == v1::MEMBARRIER_MODE_UNSPECIFIED) {
      return absl::OkStatus();
    }
    // The values are the same.
    return Domain::SetMembarrierMode(
        static_cast<rcu::MembarrierMode>(strategy.membarrier_mode));
  });
}

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_PRIMITIVE_STRATEGY_DOMAIN_H_
