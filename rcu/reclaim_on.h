// Which threads may reclaim an object.
#ifndef RCUKV_RCU_RECLAIM_ON_H_
#define RCUKV_RCU_RECLAIM_ON_H_

namespace rcu {

// Where a reclaim function may run.
enum class ReclaimOn {
  // On the domain's own thread.
  kDomainThread,
  // There, or in a later Retire of the thread that has retired the object, or of one that
  // came after it when it has ended; whatever sections and locks that one is in. For
  // functions that do nothing but give memory back.
  kAnyThread,
};

}  // namespace rcu

#endif  // RCUKV_RCU_RECLAIM_ON_H_
