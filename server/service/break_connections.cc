#include "server/service/break_connections.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdlib>
#include <memory>
#include <vector>

namespace rcukv {
namespace {

std::vector<int> OpenFileDescriptors() {
  std::vector<int> fds;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir("/proc/self/fd"), &closedir);
  if (folder == nullptr) return fds;
  while (const dirent* entry = readdir(folder.get())) {
    if (entry->d_name[0] != '.') fds.push_back(std::atoi(entry->d_name));
  }
  return fds;
}

// Of the own end of a TCP socket; -1 for anything else.
int PortOf(int fd) {
  sockaddr_storage address = {};
  socklen_t size = sizeof(address);
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return -1;
  if (address.ss_family == AF_INET) {
    return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
  }
  if (address.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  }
  return -1;
}

bool IsConnection(int fd) {
  int listens = 0;
  socklen_t size = sizeof(listens);
  return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens == 0;
}

}  // namespace

size_t BreakConnections(int port) {
  size_t broken = 0;
  for (int fd : OpenFileDescriptors()) {
    if (PortOf(fd) == port && IsConnection(fd) && shutdown(fd, SHUT_RDWR) == 0) ++broken;
  }
  return broken;
}

}  // namespace rcukv
