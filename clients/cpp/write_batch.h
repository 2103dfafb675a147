// Internal to this library: Puts and Deletes that go to the server together, from when
// their callers join until each has its answer.
//
// Thread safety: phase and finished() may be read by anyone at any time, and once it is
// finished the answers as well. Everything else belongs to the gatherer, which orders it
// by its mutex; but what a write asks for is not changed while it is in flight.
#ifndef RCUKV_CLIENTS_CPP_WRITE_BATCH_H_
#define RCUKV_CLIENTS_CPP_WRITE_BATCH_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/cpp/deadline.h"
#include "clients/cpp/write_wire.h"

namespace rcukv::internal {

struct WriteOutcome {
  uint64_t revision = 0;
  // Of a Delete: whether the key existed.
  bool existed = false;
};

using WriteDone = absl::AnyInvocable<void(absl::StatusOr<WriteOutcome>)>;

// One write of a batch.
struct PendingWrite {
  EncodedWrite request;
  SteadyTime deadline = kNever;
  // As its caller has said it.
  std::optional<absl::Duration> timeout = {};
  // Null where the caller blocks.
  WriteDone done = nullptr;

  // It is, or was, in flight: from then on it may happen.
  bool sent = false;
  // Nobody waits for the answer any more.
  bool given_up = false;
  bool answered = false;
  WriteAnswer answer = {};
};

struct WriteBatch {
  // Values of phase, on which callers that block sleep.
  static constexpr uint32_t kWaiting = 0;
  static constexpr uint32_t kFinished = 1;

  // [W1] release; pairs with [W2]: who sees that the batch is finished sees its answers.
  void Finish() { phase.store(kFinished, std::memory_order_release); }
  // [W2] acquire; pairs with [W1].
  bool finished() const { return phase.load(std::memory_order_acquire) == kFinished; }

  std::vector<PendingWrite> writes;
  // Neither answered nor withdrawn.
  size_t unanswered = 0;
  std::atomic<uint32_t> phase{kWaiting};
};

// Where a caller finds its own.
struct WritePlace {
  PendingWrite& write() const { return batch->writes[place]; }

  std::shared_ptr<WriteBatch> batch;
  size_t place = 0;
};

}  // namespace rcukv::internal

#endif  // RCUKV_CLIENTS_CPP_WRITE_BATCH_H_
