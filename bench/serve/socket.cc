#include "bench/serve/socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/str_format.h"

namespace rcukv::bench {
namespace {

sockaddr_in LoopbackAddress(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

absl::StatusOr<int> NewTcpSocket() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return absl::ErrnoToStatus(errno, "cannot make a socket");
  return fd;
}

}  // namespace

absl::StatusOr<Socket> Socket::Connect(int port) {
  const absl::StatusOr<int> fd = NewTcpSocket();
  if (!fd.ok()) return fd.status();
  Socket connected(*fd);
  const sockaddr_in address = LoopbackAddress(port);
  if (connect(*fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return absl::UnavailableError(
        absl::StrFormat("cannot connect to 127.0.0.1:%d: %s", port,
                        absl::ErrnoToStatus(errno, "connect").message()));
  }
  const int on = 1;
  setsockopt(*fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return connected;
}

Socket::Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Socket::~Socket() {
  if (fd_ >= 0) close(fd_);
}

absl::Status Socket::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<size_t>(sent));
    } else if (errno != EINTR) {
      return absl::UnavailableError(absl::ErrnoToStatus(errno, "send").message());
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<size_t> Socket::Receive(char* buffer, size_t size) {
  for (;;) {
    const ssize_t received = recv(fd_, buffer, size, 0);
    if (received > 0) return static_cast<size_t>(received);
    if (received == 0) return absl::UnavailableError("the server closed the connection");
    if (errno != EINTR) {
      return absl::UnavailableError(absl::ErrnoToStatus(errno, "recv").message());
    }
  }
}

absl::StatusOr<int> FreePort() {
  const absl::StatusOr<int> fd = NewTcpSocket();
  if (!fd.ok()) return fd.status();
  const Socket bound = Socket(*fd);
  sockaddr_in address = LoopbackAddress(0);
  socklen_t size = sizeof(address);
  if (bind(*fd, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      getsockname(*fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return absl::ErrnoToStatus(errno, "no free port on the loopback interface");
  }
  return ntohs(address.sin_port);
}

}  // namespace rcukv::bench
