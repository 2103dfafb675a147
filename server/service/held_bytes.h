// What the server holds for each connection: answers that it has not read yet, and
// requests that wait behind them.
//
// A client that stops reading must not fill the server's memory with what it asked for:
// past a limit a connection is refused further reads until it has taken what it has.
// Small messages are not counted; the number of calls of a connection bounds them. What
// gRPC itself holds, such as requests that are half there, is bounded by its quota
// (data_plane.cc).
#ifndef RCUKV_SERVER_SERVICE_HELD_BYTES_H_
#define RCUKV_SERVER_SERVICE_HELD_BYTES_H_

#include <grpcpp/server_context.h>

#include <atomic>
#include <cstddef>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"

namespace rcukv {

// One for all serving threads, as the calls of a connection are on any of them.
//
// Thread safety: any thread at any time. Threads that look at one moment may all find
// room: a connection goes over the limit by a message of each at the most.
class HeldBytes {
 public:
  static constexpr size_t kCountedBytes = size_t{64} << 10;
  static constexpr size_t kMaxBytesOfAConnection = size_t{256} << 20;

  // A message that was counted. It remembers the connection, whose context may be gone
  // when it is removed.
  struct Counted {
    std::string peer;
    size_t bytes = 0;
  };

  // RESOURCE_EXHAUSTED where a read of the connection of `context` is to be refused.
  absl::Status Check(const grpc::ServerContextBase& context) const {
    // Hardly ever is anything counted, and peer() makes a string. relaxed: what another
    // thread is just counting may be missed.
    if (connections_.load(std::memory_order_relaxed) == 0) return absl::OkStatus();
    const std::string peer = context.peer();
    absl::MutexLock lock(&mutex_);
    const auto found = bytes_of_.find(peer);
    if (found == bytes_of_.end() || found->second < kMaxBytesOfAConnection) {
      return absl::OkStatus();
    }
    return absl::ResourceExhaustedError(absl::StrFormat(
        "this connection has not read %d bytes of its answers, or has requests wait "
        "behind them; the limit is %d: read them before you ask for more",
        found->second, kMaxBytesOfAConnection));
  }

  // A message of `bytes` bytes is about to be held.
  Counted Add(const grpc::ServerContextBase& context, size_t bytes) {
    if (bytes < kCountedBytes) return {};
    Counted counted = {.peer = context.peer(), .bytes = bytes};
    absl::MutexLock lock(&mutex_);
    bytes_of_[counted.peer] += bytes;
    connections_.store(bytes_of_.size(), std::memory_order_relaxed);
    return counted;
  }

  // It is held no longer.
  void Remove(Counted& counted) {
    if (counted.bytes == 0) return;
    absl::MutexLock lock(&mutex_);
    const auto found = bytes_of_.find(counted.peer);
    found->second -= std::exchange(counted.bytes, 0);
    if (found->second > 0) return;
    bytes_of_.erase(found);
    connections_.store(bytes_of_.size(), std::memory_order_relaxed);
  }

 private:
  mutable absl::Mutex mutex_;
  // By peer; none with 0 bytes.
  absl::flat_hash_map<std::string, size_t> bytes_of_ ABSL_GUARDED_BY(mutex_);
  // How many are in it, to be looked at without the mutex.
  std::atomic<size_t> connections_{0};
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_HELD_BYTES_H_
