// What a grace period asks of the readers of a domain.
#ifndef RCUKV_RCU_READERS_H_
#define RCUKV_RCU_READERS_H_

#include "rcu/holdout.h"

namespace rcu {

// Thread safety: every method may be called by any thread.
class Readers {
 public:
  // Returns when every section has ended whose announcement is visible to the caller, as
  // it is after its writer's fence. What those sections did happens before the return.
  // Tells `watch` whom it waits for.
  virtual void WaitForAll(HoldoutWatch& watch) = 0;

  // Whether those sections have ended by now; if so, what they did happens before the
  // return. Looks once, and waits for nobody.
  virtual bool HaveAllEnded() = 0;

 protected:
  ~Readers() = default;
};

}  // namespace rcu

#endif  // RCUKV_RCU_READERS_H_
