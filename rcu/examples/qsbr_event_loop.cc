// Flavor qsbr in an event loop: sections cost nothing at all.
//
// In the other flavors a reader says when it reads. In qsbr a thread says when it does
// not: once in each pass of its loop (Quiesce), and before it waits for anything
// (Offline). In between, everything it does counts as one section.
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <mutex>
#include <thread>

#include "rcu/domain.h"

using Rcu = rcu::QsbrDomain;

struct Config {
  explicit Config(int by) : factor(by) {}
  ~Config() { freed.fetch_add(1, std::memory_order_relaxed); }
  static inline std::atomic<int> freed{0};
  const int factor;
};

std::atomic<const Config*> current{new Config(1)};

// Where the loop gets its events from; 0 ends it.
class Events {
 public:
  void Put(int event) {
    std::lock_guard<std::mutex> lock(mutex_);
    events_.push_back(event);
    there_is_one_.notify_one();
  }

  int Next() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (events_.empty()) {
      Rcu::Offline();  // Or grace periods would wait for as long as this thread does.
      there_is_one_.wait(lock);
      Rcu::Online();
    }
    const int event = events_.front();
    events_.pop_front();
    return event;
  }

 private:
  std::mutex mutex_;
  std::condition_variable there_is_one_;
  std::deque<int> events_;
};

int Handle(int event) {
  Rcu::ReadGuard guard;  // No instruction; it shows what the section is.
  return event * current.load(std::memory_order_acquire)->factor;
}

void RunLoop(Events& events, int& sum) {
  Rcu::OnlineGuard online;  // The thread takes part from here on.
  while (const int event = events.Next()) {
    sum += Handle(event);
    Rcu::Quiesce();  // No pointer from before is used after this.
  }
}

int main() {
  Events events;
  int sum = 0;
  std::thread loop([&] { RunLoop(events, sum); });
  for (int i = 1; i <= 100; ++i) {
    events.Put(1);
    if (i % 10 == 0) {
      Rcu::Retire(current.exchange(new Config(1), std::memory_order_acq_rel));
    }
  }
  // The main thread has never been online: no grace period waits for it.
  Rcu::Barrier();
  printf("configurations freed: %d\n", Config::freed.load(std::memory_order_relaxed));
  events.Put(0);
  loop.join();
  printf("sum: %d\n", sum);
}

// Prints:
//   configurations freed: 10
//   sum: 100
