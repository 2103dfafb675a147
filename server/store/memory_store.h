// A store that keeps nothing: for caches and tests.
#ifndef RCUKV_SERVER_STORE_MEMORY_STORE_H_
#define RCUKV_SERVER_STORE_MEMORY_STORE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/store/committer.h"
#include "server/store/store.h"
#include "server/store/store_options.h"
#include "server/store/transaction.h"
#include "server/table/protection.h"
#include "server/table/table_directory.h"

namespace rcukv {

// A write is visible to every reader before its writer is answered, and gone with the
// process.
class MemoryStore final : public Store {
 public:
  using Options = StoreOptions;

  // Both must outlive the store.
  MemoryStore(Protection& protection, TableDirectory& tables, const Options& options);

  std::string_view name() const override { return "memory"; }
  void Submit(Write write) override { committer_.Submit(std::move(write)); }
  void SubmitAll(std::vector<Write> writes) override {
    committer_.SubmitAll(std::move(writes));
  }
  void SubmitTransaction(Transaction transaction) override {
    committer_.SubmitTransaction(std::move(transaction));
  }
  absl::Status CreateTable(std::string_view table) override {
    return tables_.Create(table);
  }
  absl::StatusOr<uint64_t> DeleteTable(std::string_view table) override;
  uint64_t revision() const override { return committer_.revision(); }
  ChangeHistory* history() const override { return committer_.history(); }
  ReclaimMode reclaim_mode() const override { return committer_.reclaim_mode(); }
  ReclaimMode SetReclaimMode(ReclaimMode mode) override {
    return committer_.SetReclaimMode(mode);
  }
  std::string failure() const override { return ""; }
  absl::Status Stop() override {
    committer_.Stop();
    return absl::OkStatus();
  }

 private:
  TableDirectory& tables_;
  Committer committer_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_MEMORY_STORE_H_
