#include "server/service/break_connections.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <utility>

namespace rcukv {
namespace {

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) { EXPECT_GE(fd, 0); }
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  int fd() const { return fd_; }

 private:
  int fd_;
};

// Listens on a free port of loopback.
class Listener {
 public:
  Listener() : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(socket_.fd(), Address(), sizeof(address_)), 0);
    socklen_t size = sizeof(address_);
    EXPECT_EQ(getsockname(socket_.fd(), Address(), &size), 0);
    EXPECT_EQ(listen(socket_.fd(), 8), 0);
  }

  int port() const { return ntohs(address_.sin_port); }
  Socket Connect() {
    Socket client(socket(AF_INET, SOCK_STREAM, 0));
    EXPECT_EQ(connect(client.fd(), Address(), sizeof(address_)), 0);
    return client;
  }
  Socket Accept() { return Socket(accept(socket_.fd(), nullptr, nullptr)); }

 private:
  sockaddr* Address() { return reinterpret_cast<sockaddr*>(&address_); }

  Socket socket_;
  sockaddr_in address_ = {};
};

// Sends a byte and returns what comes out at the other end.
std::string Transfer(const Socket& from, const Socket& to) {
  char byte = 0;
  if (send(from.fd(), "x", 1, MSG_NOSIGNAL) != 1) return "cannot send";
  return recv(to.fd(), &byte, 1, 0) == 1 ? std::string(1, byte) : "closed";
}

TEST(BreakConnectionsTest, BreaksThoseOfThePortAndNoOthers) {
  Listener doomed;
  Listener other;
  const Socket client = doomed.Connect();
  const Socket server = doomed.Accept();
  const Socket other_client = other.Connect();
  const Socket other_server = other.Accept();
  ASSERT_EQ(Transfer(client, server), "x");

  EXPECT_EQ(BreakConnections(doomed.port()), 1u);
  EXPECT_EQ(Transfer(server, client), "cannot send");
  char byte;
  EXPECT_EQ(recv(client.fd(), &byte, 1, 0), 0);
  EXPECT_EQ(Transfer(other_client, other_server), "x");
  EXPECT_EQ(Transfer(other_server, other_client), "x");
  // It still listens.
  const Socket next_client = doomed.Connect();
  const Socket next_server = doomed.Accept();
  EXPECT_EQ(Transfer(next_client, next_server), "x");
}

TEST(BreakConnectionsTest, APortWithoutConnectionsIsNoMatter) {
  EXPECT_EQ(BreakConnections(Listener().port()), 0u);
}

}  // namespace
}  // namespace rcukv
