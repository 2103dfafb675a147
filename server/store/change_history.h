// The newest changes of all tables, in the order of their revisions: what watches read.
//
//   committer                        serving threads
//   publish a batch in the tables    a watch is a revision: "told up to 41"
//   advance the revision               Find(42, waiter) -> the batch with it, shared
//   Append(batch)  ----wakes---->                        -> nothing yet: the waiter waits
//                                                        -> OUT_OF_RANGE: it is gone
//
// There is no queue for a watch: all read the same immutable batches, each from where it
// is, as fast as its client reads. So a watch costs its revision and the message under
// way, a slow one no more than a quick one; and the history is bounded in bytes. The
// oldest batches go when newer ones need the room, whoever has not read them: a watch
// that comes too late is told so, and from where on there is something. Who is just
// reading a batch keeps it alive for that long, by a reference.
//
// The committer never waits for a watch. Both take one mutex: the committer once a batch,
// to append and to wake, the others for a binary search. What is dropped is freed behind
// it. Where nobody watches a batch costs the committer the copies of its small entries
// and that mutex; there are no wake-ups, and readers of tables take no part at all.
//
// No wake-up is lost, as both sides decide under the mutex: if Find comes first the
// waiter is listed when the batch is appended, which wakes it; if Append comes first Find
// returns the batch. A waiter is woken once until it says that it has woken: until then
// all that it finds nothing for is looked at again anyway.
//
// Guarantees
//   (a) Batches follow one another without a gap, so that Find either returns the batch
//       with a revision, or knows that it is still to come, or says that it is gone.
//   (b) What Find returns can be read in the tables: it is appended after it was
//       published, and after Store::revision() has come to it.
//   (c) What is kept takes Limits::max_bytes at the most, or is one batch.
#ifndef RCUKV_SERVER_STORE_CHANGE_HISTORY_H_
#define RCUKV_SERVER_STORE_CHANGE_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/store/change_batch.h"

namespace rcukv {

// Thread safety: Append is called by one thread at a time; everything else by any thread
// at any time.
class ChangeHistory {
 public:
  struct Limits {
    // See guarantee (c).
    size_t max_bytes = size_t{16} << 20;
    size_t max_watches = 10'000;
  };

  // One for each thread that has watches. It is in no more than one history.
  class Waiter {
   protected:
    virtual ~Waiter() = default;

   private:
    friend class ChangeHistory;
    enum class State { kIdle, kWaiting, kWoken };

    // Called by the thread that appends or deletes a table, with the mutex held: it must
    // be short, and not use the history.
    virtual void Wake() = 0;

    // Guarded by mutex_.
    State state_ = State::kIdle;
  };

  // Of the changes behind `revision`.
  ChangeHistory(uint64_t revision, const Limits& limits)
      : limits_(limits), last_revision_(revision) {}
  ChangeHistory(const ChangeHistory&) = delete;
  ChangeHistory& operator=(const ChangeHistory&) = delete;

  // ---- For the committer

  // The batch behind the last one; it has been published.
  void Append(ChangeBatch batch);

  // Wakes who waits, though nothing has been appended: a table was deleted.
  void WakeAll();

  // ---- For watches

  // One more watch, which is to read from `start_revision` on; 0: from the next one there
  // is. Returns the first to read. RESOURCE_EXHAUSTED where there are as many as there
  // may be; OUT_OF_RANGE as Find.
  absl::StatusOr<uint64_t> OpenWatch(uint64_t start_revision);
  // That one ends.
  void CloseWatch();

  // The batch with `revision`; null where there is none yet, and then `waiter`, which may
  // be null, is woken when there is. OUT_OF_RANGE, naming the oldest there is: it is
  // gone.
  absl::StatusOr<std::shared_ptr<const ChangeBatch>> Find(uint64_t revision,
                                                          Waiter* waiter);

  // The waiter has woken; from now on it can be woken again.
  void HasWoken(Waiter& waiter);

  // The waiter is not woken any more, once this has returned.
  void Forget(Waiter& waiter);

  // Of the changes there are; the next one's where there are none.
  uint64_t oldest_revision() const;
  // Of the newest change there has been.
  uint64_t last_revision() const;

 private:
  using SharedBatch = std::shared_ptr<const ChangeBatch>;

  // All with mutex_ held.
  uint64_t OldestRevision() const;
  absl::Status CheckNotGone(uint64_t revision) const;
  // Takes what there is no room for out of batches_.
  std::vector<SharedBatch> TakeOldest();
  void WakeWaiting();

  const Limits limits_;
  mutable std::mutex mutex_;
  // Guarded by mutex_, all of it.
  std::deque<SharedBatch> batches_;
  size_t bytes_ = 0;
  uint64_t last_revision_;
  size_t watches_ = 0;
  // Those in state kWaiting.
  std::vector<Waiter*> waiting_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_CHANGE_HISTORY_H_
