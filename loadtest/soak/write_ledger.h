// Which writes of each key were sent and answered, so that readers know what they may
// see.
//
//   writer:  const uint64_t write = ledger.Begin(index);
//            ... send it, wait for its answer ...
//            ledger.Settle(index);
//   reader:  const uint64_t oldest = ledger.settled(index);
//            ... send a read, wait for its answer ...
//            data.Check(index, answer, {oldest, ledger.begun(index)});
//
// Thread safety: any number of readers; each key has one writer, and one write under way.
#ifndef RCUKV_LOADTEST_SOAK_WRITE_LEDGER_H_
#define RCUKV_LOADTEST_SOAK_WRITE_LEDGER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace rcukv::loadtest {

class WriteLedger {
 public:
  // Write 0 of every key has been answered.
  explicit WriteLedger(size_t keys) : keys_(keys) {}

  // The number of the key's next write, which is sent after this call.
  uint64_t Begin(size_t index) {
    // relaxed: whoever reads a value learns of its write through the server, that is
    // through system calls of both processes, which order this before begun().
    return keys_[index].begun.fetch_add(1, std::memory_order_relaxed) + 1;
  }

  // The write under way has been answered.
  void Settle(size_t index) {
    Key& key = keys_[index];
    // relaxed: the writer's own number.
    const uint32_t begun = key.begun.load(std::memory_order_relaxed);
    // release; pairs with settled(): whoever knows of the answer reads after it.
    key.settled.store(begun, std::memory_order_release);
  }

  // Before a read is sent: the oldest write whose value it may see.
  uint64_t settled(size_t index) const {
    // acquire; pairs with Settle().
    return keys_[index].settled.load(std::memory_order_acquire);
  }

  // After a read was answered: the newest one.
  uint64_t begun(size_t index) const {
    // relaxed: as in Begin().
    return keys_[index].begun.load(std::memory_order_relaxed);
  }

 private:
  struct Key {
    std::atomic<uint32_t> begun{0};
    std::atomic<uint32_t> settled{0};
  };

  std::vector<Key> keys_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_SOAK_WRITE_LEDGER_H_
