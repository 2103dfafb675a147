// Which threads may reclaim an object.
#ifndef RCUKV_RCU_RECLAIM_ON_H_
#define RCUKV_RCU_RECLAIM_ON_H_

namespace rcu {

// Where a reclaim function may run.
enum class ReclaimOn {
  // On the domain's own thread.
  kDomainThread,
  // There, or on the thread that has retired the object, in a later Retire, whatever
  // locks
  // it holds then. For functions that do nothing but give memory back.
  kAnyThread,
};

}  // namespace rcu

#endif  // RCUKV_RCU_RECLAIM_ON_H_
