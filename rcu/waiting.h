// What a thread is while it waits for readers: outside of any section of its own.
#ifndef RCUKV_RCU_WAITING_H_
#define RCUKV_RCU_WAITING_H_

#include <cstdio>
#include <cstdlib>

namespace rcu::internal {

// Ends the program with a message where the thread is in a section of S: it would wait
// for itself.
template <class S>
class [[nodiscard]] WaitingOutside {
 public:
  explicit WaitingOutside(const char* what) {
    if (!S::InSection()) return;
    fprintf(stderr,
            "rcu: %s called inside a read-side critical section: it would wait for "
            "itself\n",
            what);
    abort();
  }
};

}  // namespace rcu::internal

#endif  // RCUKV_RCU_WAITING_H_
