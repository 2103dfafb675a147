#include "rcu/hash.h"

#include <sys/random.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "rcu/lazy.h"

namespace rcu {

namespace {

struct DrawnSecret {
  DrawnSecret() {
    // Requests of up to 256 bytes are answered whole, or interrupted by a signal.
    while (getrandom(bytes.data(), bytes.size(), 0) !=
           static_cast<ssize_t>(bytes.size())) {
      if (errno == EINTR) continue;
      perror("rcu: getrandom");
      abort();
    }
  }

  HashSecret bytes;
};

// Not a static of a function, whose lock a thread may hold that is not there in the child
// of a fork.
constinit Lazy<DrawnSecret> process_secret;

}  // namespace

const HashSecret& ProcessHashSecret() { return process_secret.Get().bytes; }

}  // namespace rcu
