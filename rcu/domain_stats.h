// Figures that a domain keeps of itself.
#ifndef RCUKV_RCU_DOMAIN_STATS_H_
#define RCUKV_RCU_DOMAIN_STATS_H_

#include <cstdint>

#include "rcu/latency_histogram.h"

namespace rcu {

// A snapshot; each figure is right for itself, two of them may be of two moments.
struct DomainStats {
  // Completed since the process started.
  uint64_t grace_periods = 0;
  // Time of a grace period, from its writer's fence to the end of its scan: the newest
  // one; median and maximum of the newest 128 since the membarrier mode was last changed;
  // maximum since the process started.
  uint64_t last_ns = 0;
  uint64_t recent_p50_ns = 0;
  uint64_t recent_max_ns = 0;
  uint64_t max_ns = 0;
  // The same of every grace period since the process started.
  LatencyHistogram latency;
  // Grace periods that waited for a reader for longer than the limit: see holdout.h.
  uint64_t holdouts = 0;
  // Threads registered as readers now; rseq: that have retired something.
  uint64_t readers = 0;
  // Retired and not reclaimed yet (with the room that it takes to remember it), and the
  // limit past which Retire waits.
  uint64_t backlog_objects = 0;
  uint64_t backlog_bytes = 0;
  uint64_t backlog_limit_bytes = 0;
};

}  // namespace rcu

#endif  // RCUKV_RCU_DOMAIN_STATS_H_
