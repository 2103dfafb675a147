// Cookies: to know when a grace period is over without waiting for it.
//
// For those who keep their own lists of old objects, such as a pool that takes blocks
// back, and have something better to do than to wait.
#include <atomic>
#include <cstdio>
#include <deque>
#include <semaphore>
#include <thread>

#include "rcu/domain.h"

using Rcu = rcu::MembDomain;

struct Block {
  int id;
};

// Blocks that were unlinked, oldest first, each with the moment when that was.
class Pool {
 public:
  void TakeBack(Block block) { waiting_.push_back({block, Rcu::GetCookie()}); }

  // How many may be used anew by now. One load for each; it never waits.
  int Reuse() {
    int reused = 0;
    while (!waiting_.empty() && Rcu::Poll(waiting_.front().cookie)) {
      waiting_.pop_front();
      ++reused;
    }
    return reused;
  }

 private:
  struct Waiting {
    Block block;
    rcu::Cookie cookie;
  };
  std::deque<Waiting> waiting_;
};

int main() {
  std::binary_semaphore reading(0);
  std::binary_semaphore may_end(0);
  std::thread reader([&] {
    Rcu::ReadGuard guard;
    reading.release();
    may_end.acquire();  // A long section; real ones do not wait for anything.
  });
  reading.acquire();

  Pool pool;
  pool.TakeBack({1});
  pool.TakeBack({2});
  printf("the reader reads: %d blocks\n", pool.Reuse());

  // GetCookie begins no grace period: it goes with those that others begin. This one
  // begins one, in the background; so that it comes true although nobody waits.
  const rcu::Cookie cookie = Rcu::StartGracePeriod();
  printf("begun: %s\n", Rcu::Poll(cookie) ? "over" : "not over");
  may_end.release();
  reader.join();
  while (!Rcu::Poll(cookie)) std::this_thread::yield();  // Or go on with other work.
  printf("the reader is through: %d blocks\n", pool.Reuse());

  pool.TakeBack({3});
  Rcu::Wait(Rcu::GetCookie());  // What Synchronize is.
  printf("after a wait: %d block\n", pool.Reuse());
}

// Prints:
//   the reader reads: 0 blocks
//   begun: not over
//   the reader is through: 2 blocks
//   after a wait: 1 block
