// An entry that was found, for longer than the section in which it was: a large one is
// referred to, a small one copied.
#ifndef RCUKV_SERVER_STORE_KEPT_ENTRY_H_
#define RCUKV_SERVER_STORE_KEPT_ENTRY_H_

#include <utility>

#include "rcu/entry.h"

namespace rcukv {

// Thread safety: immutable; moving it is for one thread at a time.
class KeptEntry {
 public:
  // None.
  KeptEntry() = default;
  // Inside the section in which `entry` was found, or while its owner keeps it.
  explicit KeptEntry(const rcu::Entry& entry);
  // Takes over what nobody else has. Not null.
  explicit KeptEntry(rcu::EntryPtr entry) : copy_(std::move(entry)) {}

  // Null: none.
  const rcu::Entry* get() const {
    return shared_ != nullptr ? shared_.get() : copy_.get();
  }

 private:
  // One of them at the most.
  rcu::EntryPtr copy_;
  rcu::SharedEntry shared_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_KEPT_ENTRY_H_
