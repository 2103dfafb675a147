// What a serving thread's connections have been answered and not read yet.
//
// A client that stops reading must not fill the server's memory with what it asked for:
// past a limit a connection is refused further reads until it has taken what it has.
// Small responses are not counted; the number of calls of a connection bounds them.
#ifndef RCUKV_SERVER_SERVICE_UNSENT_RESPONSES_H_
#define RCUKV_SERVER_SERVICE_UNSENT_RESPONSES_H_

#include <grpcpp/server_context.h>

#include <cstddef>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_format.h"

namespace rcukv {

// Thread safety: one thread, the serving one. All calls of a connection are on one.
class UnsentResponses {
 public:
  static constexpr size_t kCountedBytes = size_t{64} << 10;
  static constexpr size_t kMaxBytesOfAConnection = size_t{256} << 20;

  // A response that was counted.
  struct Counted {
    std::string peer;
    size_t bytes = 0;
  };

  // RESOURCE_EXHAUSTED where the connection of `context` is to be refused.
  absl::Status Check(const grpc::ServerContextBase& context) const {
    // Hardly ever is anything counted, and peer() makes a string.
    if (bytes_of_.empty()) return absl::OkStatus();
    const auto found = bytes_of_.find(context.peer());
    if (found == bytes_of_.end() || found->second < kMaxBytesOfAConnection) {
      return absl::OkStatus();
    }
    return absl::ResourceExhaustedError(
        absl::StrFormat("this connection has not read %d bytes of its answers, the limit "
                        "is %d; read them "
                        "before you ask for more",
                        found->second, kMaxBytesOfAConnection));
  }

  // A response of `bytes` bytes is about to be sent.
  Counted Add(const grpc::ServerContextBase& context, size_t bytes) {
    if (bytes < kCountedBytes) return {};
    Counted counted = {.peer = context.peer(), .bytes = bytes};
    bytes_of_[counted.peer] += bytes;
    return counted;
  }

  // It has been sent, or never will be.
  void Remove(Counted& counted) {
    if (counted.bytes == 0) return;
    const auto found = bytes_of_.find(counted.peer);
    found->second -= std::exchange(counted.bytes, 0);
    if (found->second == 0) bytes_of_.erase(found);
  }

 private:
  // By peer; none with 0 bytes.
  absl::flat_hash_map<std::string, size_t> bytes_of_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_UNSENT_RESPONSES_H_
