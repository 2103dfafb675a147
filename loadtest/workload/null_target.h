// A target that answers at once, and rightly: with what operation 0 wrote, as if that
// were newer than any other write. It keeps no writes.
//
// Thread safety: any number of threads at once.
#ifndef RCUKV_LOADTEST_WORKLOAD_NULL_TARGET_H_
#define RCUKV_LOADTEST_WORKLOAD_NULL_TARGET_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "loadtest/workload/records.h"
#include "loadtest/workload/target.h"

namespace rcukv::loadtest {

class NullTarget : public Target {
 public:
  // Of everything that is read: no write comes to it.
  static constexpr uint64_t kNewest = uint64_t{1} << 60;

  // `records` outlives it. Has the values of keys 0 to entries - 1 ready; it makes those
  // of others when asked.
  NullTarget(const Records& records, size_t entries) : records_(records) {
    for (size_t index = 0; index < entries; ++index) {
      Entry entry;
      entry.key = records.Key(index);
      entry.value = records.Value(index, 0);
      index_[entry.key] = index;
      entries_.push_back(std::move(entry));
    }
  }

  absl::StatusOr<std::optional<Value>> Get(const std::string& key) override {
    std::deque<std::string> made;
    const std::string* const value = ValueOf(key, made);
    if (value == nullptr) return std::nullopt;
    return Value{.value = *value, .mod_revision = kNewest};
  }

  // As the client does: values are not copied.
  absl::Status BatchGet(const std::vector<std::string>& keys,
                        absl::FunctionRef<void(Found)> use) override {
    std::vector<std::optional<ValueView>> found(keys.size());
    std::deque<std::string> made;
    for (size_t i = 0; i < keys.size(); ++i) {
      const std::string* const value = ValueOf(keys[i], made);
      if (value == nullptr) continue;
      found[i] = ValueView{.value = *value, .mod_revision = kNewest};
    }
    use(found);
    return absl::OkStatus();
  }

  absl::StatusOr<uint64_t> Put(const std::string&, const std::string&,
                               std::optional<uint64_t>) override {
    // relaxed: a number of its own.
    return revision_.fetch_add(1, std::memory_order_relaxed);
  }

  absl::StatusOr<std::vector<Entry>> Scan(size_t entries) override {
    return std::vector<Entry>(
        entries_.begin(),
        entries_.begin() + static_cast<ptrdiff_t>(std::min(entries, entries_.size())));
  }

 private:
  // Where it is ready, or else where it was made; null for what is no key of Records.
  const std::string* ValueOf(const std::string& key,
                             std::deque<std::string>& made) const {
    const auto found = index_.find(key);
    if (found != index_.end()) return &entries_[found->second].value;
    const std::optional<size_t> index = records_.IndexOf(key);
    return index.has_value() ? &made.emplace_back(records_.Value(*index, 0)) : nullptr;
  }

  const Records& records_;
  std::vector<Entry> entries_;
  absl::flat_hash_map<std::string, size_t> index_;
  // Of the next write: the table's were of revision 1.
  std::atomic<uint64_t> revision_{2};
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_NULL_TARGET_H_
