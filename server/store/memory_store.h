// A store that keeps nothing: for caches and tests.
#ifndef RCUKV_SERVER_STORE_MEMORY_STORE_H_
#define RCUKV_SERVER_STORE_MEMORY_STORE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "server/store/committer.h"
#include "server/store/store.h"
#include "server/table/protection.h"
#include "server/table/table_directory.h"

namespace rcukv {

// A write is visible to every reader before its writer is answered, and gone with the
// process.
class MemoryStore final : public Store {
 public:
  struct Options {
    // What all tables together may take: keys, values, entry headers and buckets. Past it
    // a write that grows them is refused. 0: no limit.
    uint64_t memory_limit_bytes = 0;
    // What writes that wait may take; past it they are refused.
    size_t max_queued_bytes = size_t{64} << 20;
    ReclaimMode reclaim_mode = ReclaimMode::kCallRcu;
  };

  // Both must outlive the store.
  MemoryStore(Protection& protection, const TableDirectory& tables,
              const Options& options);

  std::string_view name() const override { return "memory"; }
  void Submit(Write write) override { committer_.Submit(std::move(write)); }
  uint64_t revision() const override { return committer_.revision(); }
  ReclaimMode reclaim_mode() const override { return committer_.reclaim_mode(); }
  ReclaimMode SetReclaimMode(ReclaimMode mode) override {
    return committer_.SetReclaimMode(mode);
  }
  void Stop() override { committer_.Stop(); }

 private:
  Committer committer_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_MEMORY_STORE_H_
