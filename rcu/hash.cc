#include "rcu/hash.h"

#include <sys/random.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace rcu {

const HashSecret& ProcessHashSecret() {
  static const HashSecret secret = [] {
    HashSecret drawn;
    // Requests of up to 256 bytes are answered whole, or interrupted by a signal.
    while (getrandom(drawn.data(), drawn.size(), 0) !=
           static_cast<ssize_t>(drawn.size())) {
      if (errno == EINTR) continue;
      perror("rcu: getrandom");
      abort();
    }
    return drawn;
  }();
  return secret;
}

}  // namespace rcu
