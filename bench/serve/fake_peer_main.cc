// FakePeer as a program that is called as redis-server and memcached are. It leaves its
// process's number in the folder FAKE_PEERS, for a test to see what has become of it.
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

#include "bench/serve/fake_peer.h"

int main(int argc, char** argv) {
  int port = 0;
  for (int i = 1; i + 1 < argc; ++i) {
    if (strcmp(argv[i], "-p") == 0 || strcmp(argv[i], "--port") == 0) {
      port = std::atoi(argv[i + 1]);
    }
  }
  if (const char* folder = std::getenv("FAKE_PEERS")) {
    std::ofstream(std::string(folder) + "/" + std::to_string(getpid())).flush();
  }
  const rcukv::bench::FakePeer peer(port);
  for (;;) pause();
}
