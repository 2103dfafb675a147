// For tests of what is kept of changes: changes without a committer.
#ifndef RCUKV_SERVER_STORE_CHANGES_FOR_TEST_H_
#define RCUKV_SERVER_STORE_CHANGES_FOR_TEST_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "rcu/entry.h"
#include "server/store/batch.h"
#include "server/store/change_batch.h"
#include "server/table/table.h"

namespace rcukv {

// Thread safety: one thread at a time.
class ChangesForTest {
 public:
  // All of it outlives this.
  ChangesForTest& Put(Table* table, uint64_t revision, std::string_view key,
                      std::string_view value = "v") {
    changes_.push_back({table, keys_.emplace_back(key), revision,
                        rcu::Entry::New(key, value, {.mod_revision = revision})});
    return *this;
  }
  ChangesForTest& Delete(Table* table, uint64_t revision, std::string_view key) {
    changes_.push_back({table, keys_.emplace_back(key), revision, nullptr});
    return *this;
  }

  absl::Span<const Change> changes() const { return changes_; }
  ChangeBatch Batch() const { return ChangeBatch::Of(changes_); }

 private:
  std::deque<std::string> keys_;
  std::vector<Change> changes_;
};

// One Put of `key` at each revision from `first` to `last`.
inline ChangeBatch PutsForTest(Table* table, uint64_t first, uint64_t last,
                               std::string_view key = "k") {
  ChangesForTest changes;
  for (uint64_t revision = first; revision <= last; ++revision) {
    changes.Put(table, revision, key);
  }
  return changes.Batch();
}

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_CHANGES_FOR_TEST_H_
