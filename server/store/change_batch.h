// What one batch of the committer changes, kept for those who watch.
//
// A value that is large is the table's own, kept by a reference; everything else is
// copied, which costs the committer an allocation a change. It cannot be the table's:
// whether an entry is still there is known only inside a read-side section, and watches
// read theirs outside of any.
#ifndef RCUKV_SERVER_STORE_CHANGE_BATCH_H_
#define RCUKV_SERVER_STORE_CHANGE_BATCH_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "rcu/entry.h"
#include "server/store/batch.h"
#include "server/store/kept_entry.h"

namespace rcukv {

// Thread safety: immutable, once it is made.
struct ChangeBatch {
  // What became of one key.
  struct Event {
    std::string_view key() const { return entry.get()->key(); }
    uint64_t revision() const { return entry.get()->mod_revision(); }

    // Table::id.
    uint64_t table_id = 0;
    // Then only the key and the mod_revision of `entry` mean something.
    bool deleted = false;
    // Never none.
    KeptEntry entry;
  };

  // Of changes that are not published yet, so that their entries are still the caller's.
  // There is at least one.
  static ChangeBatch Of(absl::Span<const Change> changes);

  // The first event of `revision`, or of the next one there is.
  std::vector<Event>::const_iterator FirstOf(uint64_t revision) const;

  uint64_t first_revision() const { return events.front().revision(); }
  uint64_t last_revision() const { return events.back().revision(); }

  // By revision; those of one revision are next to one another, and all here.
  std::vector<Event> events;
  // What it takes: an upper bound, as what is referred to may be the table's as well.
  size_t bytes = 0;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_CHANGE_BATCH_H_
