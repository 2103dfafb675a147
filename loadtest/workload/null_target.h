// A target that answers at once, and rightly: with what operation 0 wrote, as if that
// were newer than any other write. It keeps no writes.
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_WORKLOAD_NULL_TARGET_H_
#define RCUKV_LOADTEST_WORKLOAD_NULL_TARGET_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "loadtest/workload/records.h"
#include "loadtest/workload/target.h"

namespace rcukv::loadtest {

class NullTarget : public Target {
 public:
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
    const auto found = index_.find(key);
    if (found != index_.end()) return Answer(entries_[found->second].value);
    const std::optional<size_t> index = records_.IndexOf(key);
    if (!index.has_value()) return std::nullopt;
    return Answer(records_.Value(*index, 0));
  }

  absl::StatusOr<uint64_t> Put(const std::string&, const std::string&,
                               std::optional<uint64_t>) override {
    return ++revision_;
  }

  absl::StatusOr<std::vector<Entry>> Scan(size_t entries) override {
    return std::vector<Entry>(
        entries_.begin(),
        entries_.begin() + static_cast<ptrdiff_t>(std::min(entries, entries_.size())));
  }

 private:
  Value Answer(std::string value) const {
    return {.value = std::move(value), .mod_revision = revision_ + 1};
  }

  const Records& records_;
  std::vector<Entry> entries_;
  absl::flat_hash_map<std::string, size_t> index_;
  uint64_t revision_ = 1;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_NULL_TARGET_H_
