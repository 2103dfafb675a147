// The names of C++26: a program that moves to a compiler's <rcu> by changing two lines.
#include <atomic>
#include <cstdio>
#include <mutex>
#include <thread>

#include "rcu/rcu.h"   // #include <rcu>
namespace safe = rcu;  // namespace safe = std;

struct Config : safe::rcu_obj_base<Config> {
  explicit Config(int ms) : timeout_ms(ms) {}
  ~Config() { printf("%d ms is gone\n", timeout_ms); }
  const int timeout_ms;
};

std::atomic<Config*> current{new Config(100)};

int TimeoutMs() {
  std::scoped_lock region(safe::rcu_default_domain());
  return current.load(std::memory_order_acquire)->timeout_ms;
}

int main() {
  std::thread([] { printf("a reader: %d ms\n", TimeoutMs()); }).join();

  // An object that brings the room for its own retirement.
  current.exchange(new Config(200), std::memory_order_acq_rel)->retire();
  safe::rcu_barrier();  // Until it is gone.

  // Any object, with any deleter, as of a unique_ptr.
  safe::rcu_retire(new int(1), [](int* p) {
    printf("the deleter has %d\n", *p);
    delete p;
  });
  safe::rcu_barrier();

  // Or wait for the readers, and free it oneself.
  Config* old = current.exchange(nullptr, std::memory_order_acq_rel);
  safe::rcu_synchronize();
  delete old;
}

// Prints:
//   a reader: 100 ms
//   100 ms is gone
//   the deleter has 1
//   200 ms is gone
