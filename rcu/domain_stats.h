// Figures that a domain keeps of itself.
#ifndef RCUKV_RCU_DOMAIN_STATS_H_
#define RCUKV_RCU_DOMAIN_STATS_H_

#include <cstdint>

namespace rcu {

// A snapshot; each figure is right for itself, two of them may be of two moments.
struct DomainStats {
  // Completed since the process started.
  uint64_t grace_periods = 0;
  // Time of a grace period, from its heavy fence to the end of its scan: the newest one;
  // median and maximum of the newest 128 since the membarrier mode was last changed;
  // maximum since the process started.
  uint64_t last_ns = 0;
  uint64_t recent_p50_ns = 0;
  uint64_t recent_max_ns = 0;
  uint64_t max_ns = 0;
  // Threads registered as readers now.
  uint64_t readers = 0;
  // Retired and not reclaimed yet, and the limit past which Retire waits.
  uint64_t backlog_objects = 0;
  uint64_t backlog_bytes = 0;
  uint64_t backlog_limit_bytes = 0;
};

}  // namespace rcu

#endif  // RCUKV_RCU_DOMAIN_STATS_H_
