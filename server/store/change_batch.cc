#include "server/store/change_batch.h"

#include <algorithm>

namespace rcukv {
namespace {

KeptEntry Keep(const Change& change) {
  if (change.entry != nullptr) return KeptEntry(*change.entry);
  return KeptEntry(rcu::Entry::New(change.key, {}, {.mod_revision = change.revision}));
}

}  // namespace

ChangeBatch ChangeBatch::Of(absl::Span<const Change> changes) {
  ChangeBatch batch;
  batch.events.reserve(changes.size());
  for (const Change& change : changes) {
    batch.events.push_back({.table_id = change.table->id(),
                            .deleted = change.entry == nullptr,
                            .entry = Keep(change)});
    batch.bytes += sizeof(Event) + batch.events.back().entry.get()->allocated_bytes();
  }
  return batch;
}

std::vector<ChangeBatch::Event>::const_iterator ChangeBatch::FirstOf(
    uint64_t revision) const {
  return std::lower_bound(
      events.begin(), events.end(), revision,
      [](const Event& event, uint64_t wanted) { return event.revision() < wanted; });
}

}  // namespace rcukv
