// Orders all writes of a server, and publishes them.
//
// One thread takes the writes that wait, a batch at a time, and does with each batch:
//
//   evaluate -> make durable -> publish -> advance the revision -> reclaim -> answer
//
// Guarantees
//   (a) Every write that changes something has a revision of its own, and a transaction
//       one for all of its changes; revisions have no gaps, and one that is higher was
//       applied later.
//   (b) A reader that samples revision() and then looks a key up sees every write up to
//       it.
//   (c) A writer is answered when every reader sees its write; nobody sees it before
//       Options::make_durable has accepted it.
//   (d) Every write is answered exactly once.
//   (e) LookupSnapshot of a table shows the writes up to some revision, and none after
//       it: writes of one batch and table that follow one another are published as one.
//       A transaction is of one batch and one table.
//   (f) Who is woken by history() can read in the tables what it finds there; and a
//       writer is answered when its write is in it.
#ifndef RCUKV_SERVER_STORE_COMMITTER_H_
#define RCUKV_SERVER_STORE_COMMITTER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "rcu/entry.h"
#include "server/store/batch.h"
#include "server/store/change_history.h"
#include "server/store/store.h"
#include "server/store/transaction.h"
#include "server/store/write_queue.h"
#include "server/table/protection.h"

namespace rcukv {

// Thread safety: every method may be called by any thread at any time, but Stop and the
// destructor not from a Write's `done`.
class Committer {
 public:
  struct Options {
    // The newest revision there was before: the first write gets the next one.
    uint64_t initial_revision = 0;
    ReclaimMode reclaim_mode = ReclaimMode::kCallRcu;
    // Of the changes that are kept for watches. 0 bytes: none are.
    ChangeHistory::Limits history = {.max_bytes = 0};
    // Writes that wait may take so much.
    size_t max_queued_bytes = size_t{64} << 20;
    // A batch ends with the write that reaches one of them: it is published as one, which
    // readers of snapshots wait for, and what its transactions read is kept until it is
    // answered. A transaction counts as the operations of its longer branch.
    size_t max_batch_writes = 1024;
    size_t max_batch_bytes = size_t{8} << 20;
    // The limit of what the tables take, and what they take now; without the latter there
    // is no limit. Asked once a batch.
    uint64_t memory_limit_bytes = MemoryBudget::kUnlimited;
    std::function<uint64_t()> used_bytes = nullptr;
    // Returns when a batch of changes is as durable as the store promises. On an error
    // nothing of the batch is published, all of its writers get that status, and its
    // revisions are free again: so it must not accept a batch after that. Called by
    // the committer's thread, batches in order. Empty: nothing to do.
    std::function<absl::Status(absl::Span<const Change>)> make_durable = nullptr;
    // Against guarantee (e), for tests that are to find out: each change is published for
    // itself, with time for readers between.
    bool publishes_in_parts = false;
  };

  // `protection` must outlive the committer.
  Committer(Protection& protection, Options options);
  // Stops.
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // These are Store's.
  void Submit(Write write);
  void SubmitAll(std::vector<Write> writes);
  void SubmitTransaction(Transaction transaction);
  uint64_t revision() const {
    // acquire; pairs with the store in Publish: guarantee (b).
    return revision_.load(std::memory_order_acquire);
  }
  ReclaimMode reclaim_mode() const {
    // relaxed: a setting; nothing is published through it.
    return reclaim_mode_.load(std::memory_order_relaxed);
  }
  ReclaimMode SetReclaimMode(ReclaimMode mode) {
    // relaxed: as in reclaim_mode.
    return reclaim_mode_.exchange(mode, std::memory_order_relaxed);
  }
  // Null where no changes are kept.
  ChangeHistory* history() const { return history_.get(); }
  void Stop();

 private:
  void Run();
  // The longest batch that `writes` begins with.
  absl::Span<QueuedWrite> NextBatch(absl::Span<QueuedWrite> writes) const;
  // Carries a batch out, all but the answering.
  BatchAnswers Commit(absl::Span<const QueuedWrite> writes);
  MemoryBudget CurrentBudget() const;
  void Publish(absl::Span<Change> changes, uint64_t revision);
  // Of one table.
  void PublishTogether(absl::Span<Change> changes);

  Protection& protection_;
  const Options options_;
  const std::unique_ptr<ChangeHistory> history_;
  WriteQueue queue_;
  std::atomic<uint64_t> revision_;
  std::atomic<ReclaimMode> reclaim_mode_;
  // Replaced by the batch that is being published. The committer thread's own.
  std::vector<const rcu::Entry*> unlinked_;
  std::once_flag stopped_;
  // Last: it uses all of the above.
  std::thread thread_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_COMMITTER_H_
