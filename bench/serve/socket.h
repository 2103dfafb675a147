// TCP on the loopback interface.
//
// Thread safety: values; one thread at a time.
#ifndef RCUKV_BENCH_SERVE_SOCKET_H_
#define RCUKV_BENCH_SERVE_SOCKET_H_

#include <cstddef>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace rcukv::bench {

// A connection whose calls wait, without Nagle's algorithm.
class Socket {
 public:
  // UNAVAILABLE: nobody listens there.
  static absl::StatusOr<Socket> Connect(int port);

  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) = delete;
  ~Socket();

  // Sends all of it. UNAVAILABLE: the other end is gone.
  absl::Status Send(std::string_view bytes);
  // Waits for at least a byte. UNAVAILABLE: the other end is gone.
  absl::StatusOr<size_t> Receive(char* buffer, size_t size);

  int fd() const { return fd_; }

 private:
  friend absl::StatusOr<int> FreePort();

  explicit Socket(int fd) : fd_(fd) {}

  int fd_;
};

// A port that nobody listens at, at this moment.
absl::StatusOr<int> FreePort();

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_SOCKET_H_
