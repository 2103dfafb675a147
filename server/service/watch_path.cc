#include "server/service/watch_path.h"

#include <cstdint>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "proto/rcukv/v1/errors.pb.h"
#include "proto/rcukv/v1/kv.pb.h"
#include "rcu/entry.h"
#include "server/service/message_bytes.h"
#include "server/service/wire.h"
#include "server/store/change_batch.h"

namespace rcukv {
namespace {

absl::Status CheckKeys(const v1::WatchRequest& request, const Limits& limits) {
  if (request.prefix().size() > limits.max_key_bytes) {
    return OverLimit("prefix", request.prefix().size(), "bytes", limits.max_key_bytes,
                     "max_key_bytes");
  }
  if (request.key().empty()) return absl::OkStatus();
  if (!request.prefix().empty()) {
    return absl::InvalidArgumentError(
        "key: set beside prefix; a watch is of one of them, or of neither");
  }
  return CheckKey("key", request.key(), limits);
}

// Revisions that a client knows have been there, unless the store has lost them.
absl::Status CheckStart(uint64_t start_revision, uint64_t revision) {
  if (start_revision <= revision + 1) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("start_revision: ", start_revision, " is ahead of this server, which ",
                   "is at ", revision, ": what was before it is lost"));
}

void Encode(const Watch::Turn& turn, OutputBuffer* out) {
  EncodeWatchRevision(turn.revision, out);
  for (const ChangeBatch::Event* event : turn.events) {
    const rcu::Entry& entry = *event->entry.get();
    if (event->deleted) {
      EncodeWatchDelete(entry, out);
    } else {
      EncodeWatchPut(entry, out);
    }
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Watch>> WatchPath::Open(std::string_view bytes) {
  if (store_->history() == nullptr) {
    return absl::UnimplementedError(
        "this server keeps no changes to be watched: watch_history_bytes is 0");
  }
  v1::WatchRequest request;
  absl::Status status = ParseMessage(bytes, &request);
  if (!status.ok()) return status;
  status = CheckKeys(request, limits_);
  if (!status.ok()) return status;
  std::shared_ptr<const Table> table = tables_->FindShared(request.table());
  if (table == nullptr) return NoSuchTable(request.table());
  status = CheckStart(request.start_revision(), store_->revision());
  if (!status.ok()) return status;
  auto watch = Watch::Open(*store_->history(),
                           {.table = std::move(table),
                            .key = std::move(*request.mutable_key()),
                            .prefix = std::move(*request.mutable_prefix())},
                           request.start_revision());
  if (!watch.ok()) return WithDetails(watch.status());
  return watch;
}

absl::StatusOr<bool> WatchPath::Next(Watch& watch, Watch::Tell tell,
                                     ChangeHistory::Waiter* waiter,
                                     OutputBuffer* response) {
  Watch::Turn turn;
  const absl::StatusOr<bool> told = watch.Next(tell, waiter, &turn);
  if (!told.ok()) return WithDetails(told.status());
  if (*told) Encode(turn, response);
  return told;
}

absl::Status WatchPath::WithDetails(absl::Status status) const {
  if (!absl::IsOutOfRange(status)) return status;
  v1::WatchHistory history;
  history.set_oldest_revision(store_->history()->oldest_revision());
  status.SetPayload("type.googleapis.com/" + history.GetTypeName(),
                    absl::Cord(history.SerializeAsString()));
  return status;
}

}  // namespace rcukv
