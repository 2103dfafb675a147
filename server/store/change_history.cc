#include "server/store/change_history.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"

namespace rcukv {

void ChangeHistory::Append(ChangeBatch batch) {
  auto shared = std::make_shared<const ChangeBatch>(std::move(batch));
  std::vector<SharedBatch> oldest;  // freed without the lock
  std::lock_guard lock(mutex_);
  last_revision_ = shared->last_revision();
  bytes_ += shared->bytes;
  batches_.push_back(std::move(shared));
  oldest = TakeOldest();
  WakeWaiting();
}

std::vector<ChangeHistory::SharedBatch> ChangeHistory::TakeOldest() {
  std::vector<SharedBatch> oldest;
  while (bytes_ > limits_.max_bytes && batches_.size() > 1) {
    bytes_ -= batches_.front()->bytes;
    oldest.push_back(std::move(batches_.front()));
    batches_.pop_front();
  }
  return oldest;
}

void ChangeHistory::WakeAll() {
  std::lock_guard lock(mutex_);
  WakeWaiting();
}

void ChangeHistory::WakeWaiting() {
  for (Waiter* waiter : waiting_) {
    waiter->state_ = Waiter::State::kWoken;
    waiter->Wake();
  }
  waiting_.clear();
}

absl::StatusOr<uint64_t> ChangeHistory::OpenWatch(uint64_t start_revision) {
  std::lock_guard lock(mutex_);
  if (start_revision == 0) start_revision = last_revision_ + 1;
  absl::Status status = CheckNotGone(start_revision);
  if (!status.ok()) return status;
  if (watches_ >= limits_.max_watches) {
    return absl::ResourceExhaustedError(
        absl::StrCat("there are ", watches_, " watches, the most there can be ",
                     "(max_watches): end one before you begin another"));
  }
  ++watches_;
  return start_revision;
}

void ChangeHistory::CloseWatch() {
  std::lock_guard lock(mutex_);
  --watches_;
}

absl::StatusOr<std::shared_ptr<const ChangeBatch>> ChangeHistory::Find(uint64_t revision,
                                                                       Waiter* waiter) {
  std::lock_guard lock(mutex_);
  if (revision > last_revision_) {
    if (waiter != nullptr && waiter->state_ == Waiter::State::kIdle) {
      waiter->state_ = Waiter::State::kWaiting;
      waiting_.push_back(waiter);
    }
    return std::shared_ptr<const ChangeBatch>();
  }
  absl::Status status = CheckNotGone(revision);
  if (!status.ok()) return status;
  const auto behind = std::upper_bound(batches_.begin(), batches_.end(), revision,
                                       [](uint64_t wanted, const auto& batch) {
                                         return wanted < batch->first_revision();
                                       });
  return *std::prev(behind);
}

absl::Status ChangeHistory::CheckNotGone(uint64_t revision) const {
  if (revision >= OldestRevision()) return absl::OkStatus();
  return absl::OutOfRangeError(absl::StrCat(
      "the history of changes goes back to revision ", OldestRevision(), ", and not to ",
      revision, " any more (watch_history_bytes): read the table anew, and watch from ",
      "behind the revision of that"));
}

void ChangeHistory::HasWoken(Waiter& waiter) {
  std::lock_guard lock(mutex_);
  if (waiter.state_ == Waiter::State::kWoken) waiter.state_ = Waiter::State::kIdle;
}

void ChangeHistory::Forget(Waiter& waiter) {
  std::lock_guard lock(mutex_);
  std::erase(waiting_, &waiter);
  waiter.state_ = Waiter::State::kIdle;
}

uint64_t ChangeHistory::OldestRevision() const {
  return batches_.empty() ? last_revision_ + 1 : batches_.front()->first_revision();
}

uint64_t ChangeHistory::oldest_revision() const {
  std::lock_guard lock(mutex_);
  return OldestRevision();
}

uint64_t ChangeHistory::last_revision() const {
  std::lock_guard lock(mutex_);
  return last_revision_;
}

}  // namespace rcukv
