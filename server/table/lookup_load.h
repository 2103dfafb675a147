// Looks keys up inside the process: what the read side costs without the network.
//
// Threads of their own walk a shared, shuffled list of a table's keys, a slice at a time.
// A slice is long enough that whatever is done once a slice (an indirect call, a look at
// the stop flag) does not show, and short enough that a run ends in time. What happens to
// each key of a slice is compiled for the flavor: LookUpSlice, below.
#ifndef RCUKV_SERVER_TABLE_LOOKUP_LOAD_H_
#define RCUKV_SERVER_TABLE_LOOKUP_LOAD_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "rcu/hash_map.h"
#include "server/table/table.h"

namespace rcukv {

// Copies of a table's keys, in random order.
//
// Thread safety: immutable once made.
class LookupKeys {
 public:
  // Keys are copied until they take this much.
  static constexpr size_t kMaxBytes = size_t{256} << 20;

  // Copies up to `distinct` keys of `table`; Slice gives up to `slice_keys` of them.
  LookupKeys(const Table& table, size_t distinct, size_t slice_keys);
  LookupKeys(const LookupKeys&) = delete;
  LookupKeys& operator=(const LookupKeys&) = delete;

  size_t distinct() const { return distinct_; }

  // `slice_keys` keys from number `first` (below distinct()) on, beginning again after
  // the last one.
  absl::Span<const std::string_view> Slice(size_t first) const {
    return absl::MakeConstSpan(keys_).subspan(first, slice_keys_);
  }

 private:
  const size_t slice_keys_;
  size_t distinct_ = 0;
  // The bytes of all keys, in the order of keys_: a walk over them is sequential, so that
  // what a lookup costs is the table's.
  std::string bytes_;
  // The distinct keys, followed by the first slice_keys_ of them once more.
  std::vector<std::string_view> keys_;
};

// Keys of one slice: whole batches, where one section covers a batch; otherwise so many
// that the sections of a slice take well below a millisecond.
size_t LookupSliceKeys(const LookupLoad& load);

// Runs `look_up`, which returns the hits among the keys of a slice, in load.threads
// threads for load.duration_ms or until cancelled() returns true.
LookupReport RunLookupThreads(
    const Table& table, const LookupLoad& load, absl::FunctionRef<bool()> cancelled,
    absl::FunctionRef<uint64_t(absl::Span<const std::string_view>)> look_up);

// Whether `map` has an entry for `key`, with that key. Inside a section of Domain.
template <class Domain>
bool Hits(const rcu::HashMap<Domain>& map, std::string_view key) {
  const rcu::Entry* entry = map.Find(key);
  return entry != nullptr && entry->key() == key;
}

// Looks keys up with one read-side critical section for each `batch_size` of them.
template <class Domain>
uint64_t LookUpInBatches(const rcu::HashMap<Domain>& map,
                         absl::Span<const std::string_view> keys, size_t batch_size) {
  uint64_t hits = 0;
  while (!keys.empty()) {
    const absl::Span<const std::string_view> batch = keys.subspan(0, batch_size);
    keys.remove_prefix(batch.size());
    typename Domain::ReadGuard guard;
    for (const std::string_view key : batch) hits += Hits(map, key);
  }
  return hits;
}

// Looks keys up with `sections` (at least 1) read-side critical sections for each: the
// last one holds the lookup, those before it are empty, so that what a section costs
// stands out from what a lookup costs.
template <class Domain>
uint64_t LookUpOneByOne(const rcu::HashMap<Domain>& map,
                        absl::Span<const std::string_view> keys, uint32_t sections) {
  uint64_t hits = 0;
  for (const std::string_view key : keys) {
    for (uint32_t section = 1; section < sections; ++section) {
      typename Domain::ReadGuard empty;
    }
    typename Domain::ReadGuard guard;
    hits += Hits(map, key);
  }
  return hits;
}

template <class Domain>
uint64_t LookUpSlice(const rcu::HashMap<Domain>& map, const LookupLoad& load,
                     absl::Span<const std::string_view> keys) {
  return load.sections_per_key == 0 ? LookUpInBatches(map, keys, load.batch_size)
                                    : LookUpOneByOne(map, keys, load.sections_per_key);
}

}  // namespace rcukv

#endif  // RCUKV_SERVER_TABLE_LOOKUP_LOAD_H_
