// One watch: the changes of a table that somebody wants to be told of, a turn at a time.
//
//   auto watch = Watch::Open(history, {.table = table, .prefix = "routes/"}, 42);
//   Watch::Turn turn;
//   auto told = (*watch)->Next(Watch::Tell::kChanges, &waiter, &turn);
//   if (told.ok() && *told) Send(turn);
//
// Guarantees; what etcd calls its own
//   (a) Ordered: events come by revision, and a turn's revision is not below the last's.
//   (b) Unique: no event comes twice.
//   (c) Reliable: between the first revision and that of the newest turn, none is left
//       out.
//   (d) Atomic: all events of a revision are in one turn.
//   (e) Resumable: a watch from behind the revision of a turn is told what comes next, by
//       this server for as long as its history has it, else OUT_OF_RANGE.
//   (f) Bookmarked: a turn's revision is that up to which everything has been told. It
//       moves on also where nothing is changed that the watch is about.
//   (g) Bounded: a turn looks at some number of events, ends with the revision that fills
//       it, and holds one turn's batches in memory, however slowly it is sent.
//
// A watch is of a table, and not of its name. One whose table is deleted ends with
// NOT_FOUND, when it has told what there is: deleting a table has no revision, and its
// entries are not told of one by one. A table that is made later under the same name has
// watches of its own, which are told nothing of the one before.
#ifndef RCUKV_SERVER_STORE_WATCH_H_
#define RCUKV_SERVER_STORE_WATCH_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "server/store/change_batch.h"
#include "server/store/change_history.h"
#include "server/table/table.h"

namespace rcukv {

// Thread safety: one thread at a time.
class Watch {
 public:
  // What it is about.
  struct Filter {
    // Never null.
    std::shared_ptr<const Table> table = nullptr;
    // Only this key. Empty: those that begin with `prefix`.
    std::string key = {};
    std::string prefix = {};
  };

  // A turn ends with the revision that reaches one of them.
  static constexpr size_t kTurnEvents = 10'000;  // looked at
  static constexpr size_t kTurnBytes = size_t{64} << 10;

  // What there is to tell at a time.
  struct Turn {
    // See guarantee (f).
    uint64_t revision = 0;
    std::vector<const ChangeBatch::Event*> events;
    // Those that the events are in.
    std::vector<std::shared_ptr<const ChangeBatch>> batches;
  };

  // Which turns without events count.
  enum class Tell {
    // One that has looked at as much as a turn may.
    kChanges,
    // Any that comes to a later revision than the last turn, and the first in any case.
    kProgress,
  };

  // From `start_revision` on; 0: from the next change. The history outlives the watch.
  // Errors are those of ChangeHistory::OpenWatch.
  static absl::StatusOr<std::unique_ptr<Watch>> Open(ChangeHistory& history,
                                                     Filter filter,
                                                     uint64_t start_revision);
  ~Watch() { history_.CloseWatch(); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // Whether there is something to tell: then it is in `turn`, whose content is replaced.
  // Otherwise `waiter` is woken when there may be. OUT_OF_RANGE: the history has gone on
  // without it; NOT_FOUND: the table was deleted. After an error the watch is over.
  absl::StatusOr<bool> Next(Tell tell, ChangeHistory::Waiter* waiter, Turn* turn);

  // Whether Next would have a turn to tell with kProgress.
  bool owes_progress() const { return told_ != next_ - 1; }

 private:
  Watch(ChangeHistory& history, Filter filter, uint64_t first_revision)
      : history_(history), filter_(std::move(filter)), next_(first_revision) {}

  // Fills `turn`, as far as there are changes. Returns whether there was room for more.
  absl::StatusOr<bool> Collect(ChangeHistory::Waiter* waiter, Turn* turn);
  // Goes through the events of the batch from next_ on. Advances next_.
  void CollectFrom(const std::shared_ptr<const ChangeBatch>& batch, Turn* turn);
  bool Wants(const ChangeBatch::Event& event) const;
  bool IsFull() const { return looked_at_ >= kTurnEvents || bytes_ >= kTurnBytes; }

  ChangeHistory& history_;
  const Filter filter_;
  // The first revision that was not looked at.
  uint64_t next_;
  // The revision of the last turn.
  std::optional<uint64_t> told_;
  // Of the turn in hand.
  size_t looked_at_ = 0;
  size_t bytes_ = 0;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_WATCH_H_
