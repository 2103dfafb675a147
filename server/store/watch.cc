#include "server/store/watch.h"

#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/table/printable.h"

namespace rcukv {

absl::StatusOr<std::unique_ptr<Watch>> Watch::Open(ChangeHistory& history, Filter filter,
                                                   uint64_t start_revision) {
  const absl::StatusOr<uint64_t> first = history.OpenWatch(start_revision);
  if (!first.ok()) return first.status();
  return std::unique_ptr<Watch>(new Watch(history, std::move(filter), *first));
}

absl::StatusOr<bool> Watch::Next(Tell tell, ChangeHistory::Waiter* waiter, Turn* turn) {
  turn->events.clear();
  turn->batches.clear();
  looked_at_ = bytes_ = 0;
  // Ahead of the changes: what was published before it was dropped is told.
  const bool dropped = filter_.table->dropped();
  const absl::StatusOr<bool> room = Collect(waiter, turn);
  if (!room.ok()) return room.status();
  if (turn->events.empty() && *room) {
    if (dropped) {
      return absl::NotFoundError(
          absl::StrCat("table ", Printable(filter_.table->name()), " was deleted"));
    }
    if (tell == Tell::kChanges || !owes_progress()) return false;
  }
  turn->revision = next_ - 1;
  told_ = turn->revision;
  return true;
}

absl::StatusOr<bool> Watch::Collect(ChangeHistory::Waiter* waiter, Turn* turn) {
  while (!IsFull()) {
    // Who has something to tell comes again by itself.
    auto batch = history_.Find(next_, turn->events.empty() ? waiter : nullptr);
    if (!batch.ok()) {
      // What was collected is still whole; the error comes next.
      if (looked_at_ > 0) return false;
      return batch.status();
    }
    if (*batch == nullptr) return true;
    CollectFrom(*batch, turn);
  }
  return false;
}

void Watch::CollectFrom(const std::shared_ptr<const ChangeBatch>& batch, Turn* turn) {
  const size_t events_before = turn->events.size();
  auto event = batch->FirstOf(next_);
  while (event != batch->events.end() && !IsFull()) {
    const uint64_t revision = event->revision();
    // All of a revision, or nothing.
    for (; event != batch->events.end() && event->revision() == revision; ++event) {
      ++looked_at_;
      if (!Wants(*event)) continue;
      turn->events.push_back(&*event);
      bytes_ += event->entry.get()->allocated_bytes();
    }
    next_ = revision + 1;
  }
  if (turn->events.size() > events_before) turn->batches.push_back(batch);
}

bool Watch::Wants(const ChangeBatch::Event& event) const {
  if (event.table_id != filter_.table->id()) return false;
  if (!filter_.key.empty()) return event.key() == filter_.key;
  return event.key().starts_with(filter_.prefix);
}

}  // namespace rcukv
