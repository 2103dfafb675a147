// Holdouts: which reader is it that everybody waits for?
//
// A section that goes on for too long, by a lock taken inside it, a system call, an
// endless loop, holds up every grace period, and memory with them. Past a limit the
// library says so: by default on stderr, here to a handler.
#include <pthread.h>

#include <chrono>
#include <cstdio>
#include <latch>
#include <semaphore>
#include <string>
#include <thread>

#include "rcu/domain.h"

using Rcu = rcu::MembDomain;

std::latch reported(1);

// Runs in the thread that waits, once the limit is over and again after twice the time.
// It must not wait for the domain itself.
void OnHoldout(const rcu::Holdout& holdout) {
  if (reported.try_wait()) return;
  printf("flavor %s waits for thread %s\n", std::string(holdout.flavor).c_str(),
         holdout.thread_name.c_str());
  reported.count_down();
}

int main() {
  Rcu::SetHoldoutLimit(std::chrono::milliseconds(1));
  Rcu::SetHoldoutHandler(&OnHoldout);

  std::binary_semaphore reading(0);
  std::thread reader([&reading] {
    pthread_setname_np(pthread_self(), "slow-reader");
    Rcu::ReadGuard guard;
    reading.release();
    reported.wait();  // The bug: a section that waits for something.
  });
  reading.acquire();
  Rcu::Synchronize();
  reader.join();

  Rcu::SetHoldoutHandler(nullptr);
  printf("grace periods held up: %zu\n", size_t{Rcu::Stats().holdouts});
  printf("the newest one by %s\n", Rcu::LastHoldout()->thread_name.c_str());
}

// Prints:
//   flavor memb waits for thread slow-reader
//   grace periods held up: 1
//   the newest one by slow-reader
