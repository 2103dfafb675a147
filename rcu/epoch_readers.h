// Readers that announce epochs: all flavors but rseq.
#ifndef RCUKV_RCU_EPOCH_READERS_H_
#define RCUKV_RCU_EPOCH_READERS_H_

#include <atomic>
#include <cstdint>

#include "rcu/readers.h"
#include "rcu/thread_record.h"

namespace rcu {

// E = ++epoch; then waits until each record is idle or has announced an epoch >= E. Grace
// periods of several threads may do so at once.
class EpochReaders final : public Readers {
 public:
  // `epoch` is what readers announce; it starts at 1 and only this object changes it.
  EpochReaders(const Registry& registry, std::atomic<uint64_t>& epoch)
      : registry_(registry), epoch_(epoch) {}

  void WaitForAll(HoldoutWatch& watch) override;
  bool HaveAllEnded() override;

 private:
  uint64_t BeginEpoch();

  const Registry& registry_;
  std::atomic<uint64_t>& epoch_;
};

}  // namespace rcu

#endif  // RCUKV_RCU_EPOCH_READERS_H_
