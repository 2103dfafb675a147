#include "server/store/committer.h"

#include <pthread.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "server/store/change_batch.h"

namespace rcukv {
namespace {

size_t TotalBytes(absl::Span<const QueuedWrite> writes) {
  size_t bytes = 0;
  for (const QueuedWrite& write : writes) bytes += QueuedBytes(write);
  return bytes;
}

// What the limit of a batch counts: a transaction is as long as its longer branch.
size_t WritesOf(const QueuedWrite& queued) {
  const auto* const transaction = std::get_if<Transaction>(&queued);
  if (transaction == nullptr) return 1;
  return std::max({size_t{1}, transaction->success.size(), transaction->failure.size()});
}

// The longest run of changes of one table that `changes` begins with.
absl::Span<Change> RunOfOneTable(absl::Span<Change> changes) {
  const auto end = std::find_if(
      changes.begin(), changes.end(),
      [&](const Change& change) { return change.table != changes.front().table; });
  return changes.subspan(0, static_cast<size_t>(end - changes.begin()));
}

std::unique_ptr<ChangeHistory> NewHistory(const Committer::Options& options) {
  if (options.history.max_bytes == 0) return nullptr;
  return std::make_unique<ChangeHistory>(options.initial_revision, options.history);
}

// Leaves each write empty, so that what its callback holds goes when it is answered.
void AnswerEach(absl::Span<QueuedWrite> writes, BatchAnswers answers) {
  auto next_write = answers.writes.begin();
  auto next_transaction = answers.transactions.begin();
  for (QueuedWrite& queued : writes) {
    const QueuedWrite answered = std::move(queued);
    if (const Write* write = std::get_if<Write>(&answered)) {
      write->done(std::move(*next_write++));
    } else {
      std::get<Transaction>(answered).done(std::move(*next_transaction++));
    }
  }
}

}  // namespace

Committer::Committer(Protection& protection, Options options)
    : protection_(protection),
      options_(std::move(options)),
      history_(NewHistory(options_)),
      queue_(options_.max_queued_bytes),
      revision_(options_.initial_revision),
      reclaim_mode_(options_.reclaim_mode),
      thread_(&Committer::Run, this) {}

Committer::~Committer() { Stop(); }

void Committer::Submit(Write write) {
  if (absl::Status status = queue_.Push(write); !status.ok()) write.done(status);
}

void Committer::SubmitAll(std::vector<Write> writes) {
  absl::Span<Write> refused = absl::MakeSpan(writes);
  const absl::Status status = queue_.PushAll(&refused);
  for (const Write& write : refused) write.done(status);
}

void Committer::SubmitTransaction(Transaction transaction) {
  absl::Status status = queue_.Push(transaction);
  if (!status.ok()) transaction.done(status);
}

void Committer::Stop() {
  std::call_once(stopped_, [this] {
    queue_.Close();
    thread_.join();
  });
}

void Committer::Run() {
  pthread_setname_np(pthread_self(), "rcukv-commit");
  std::vector<QueuedWrite> taken;
  while (queue_.TakeAll(taken)) {
    absl::Span<QueuedWrite> rest = absl::MakeSpan(taken);
    while (!rest.empty()) {
      const absl::Span<QueuedWrite> batch = NextBatch(rest);
      BatchAnswers answers = Commit(batch);
      // Before they are answered, or a writer's next write might find no room.
      queue_.Release(TotalBytes(batch));
      AnswerEach(batch, std::move(answers));
      rest.remove_prefix(batch.size());
    }
    taken.clear();
  }
}

absl::Span<QueuedWrite> Committer::NextBatch(absl::Span<QueuedWrite> writes) const {
  size_t end = 0;
  size_t count = 0;
  size_t bytes = 0;
  while (end < writes.size() && count < options_.max_batch_writes &&
         bytes < options_.max_batch_bytes) {
    count += WritesOf(writes[end]);
    bytes += QueuedBytes(writes[end]);
    ++end;
  }
  return writes.subspan(0, end);
}

BatchAnswers Committer::Commit(absl::Span<const QueuedWrite> writes) {
  Batch batch(revision(), CurrentBudget());
  for (const QueuedWrite& write : writes) {
    std::visit([&batch](const auto& one) { batch.Add(one); }, write);
  }
  BatchAnswers answers = batch.TakeAnswers();
  if (options_.make_durable && !batch.changes().empty()) {
    absl::Status status = options_.make_durable(batch.changes());
    if (!status.ok()) {
      // Refused writes too: they may rest on changes that are not to be.
      answers.SetAll(status);
      return answers;
    }
  }
  Publish(batch.changes(), batch.revision());
  return answers;
}

MemoryBudget Committer::CurrentBudget() const {
  if (!options_.used_bytes) return {};
  return {.used_bytes = options_.used_bytes(),
          .limit_bytes = options_.memory_limit_bytes};
}

void Committer::Publish(absl::Span<Change> changes, uint64_t revision) {
  // As long as the entries are ours: a table that is deleted may free them at once.
  std::optional<ChangeBatch> kept;
  if (history_ != nullptr && !changes.empty()) kept = ChangeBatch::Of(changes);
  while (!changes.empty()) {
    const absl::Span<Change> run =
        options_.publishes_in_parts ? changes.subspan(0, 1) : RunOfOneTable(changes);
    PublishTogether(run);
    if (options_.publishes_in_parts) std::this_thread::yield();
    changes.remove_prefix(run.size());
  }
  // release; pairs with the load in revision(): who sees it sees the writes up to it.
  revision_.store(revision, std::memory_order_release);
  if (kept.has_value()) history_->Append(*std::move(kept));
  protection_.Reclaim(unlinked_, reclaim_mode());
  unlinked_.clear();
}

void Committer::PublishTogether(absl::Span<Change> changes) {
  changes.front().table->WriteTogether([&](Table::Writer& writer) {
    for (Change& change : changes) {
      const rcu::Entry* unlinked = change.entry != nullptr
                                       ? writer.Upsert(std::move(change.entry))
                                       : writer.Unlink(change.key);
      if (unlinked != nullptr) unlinked_.push_back(unlinked);
    }
  });
}

}  // namespace rcukv
