// Publishing: a writer replaces a structure under its readers' eyes.
//
// The new version is built where nobody sees it, and published by one release store. So a
// reader finds the old version or the new one, whole. The writer then waits for a grace
// period: whoever found the old one is through with it, and it may be freed.
#include <atomic>
#include <cstdio>
#include <thread>
#include <vector>

#include "rcu/domain.h"

using Rcu = rcu::MembDomain;

struct Route {
  int host;
  int port;  // Always 1000 more than the host.
};

std::atomic<const Route*> current{new Route{1, 1001}};
std::atomic<bool> done{false};

// The reader: open a section, load the pointer once, use it, close the section.
int PortMinusHost() {
  Rcu::ReadGuard guard;
  // acquire: pairs with the writer's release, so that what it built is seen built.
  const Route* route = current.load(std::memory_order_acquire);
  return route->port - route->host;
}

// The writer. If there are several, they agree among themselves: by the exchange, as
// here, each gets a different old version; often a mutex is what one wants.
void MoveTo(int host) {
  const Route* next = new Route{host, host + 1000};
  const Route* old = current.exchange(next, std::memory_order_acq_rel);
  Rcu::Synchronize();  // Not inside a section: it would wait for itself.
  delete old;
}

int main() {
  std::vector<std::thread> readers;
  std::atomic<int> torn{0};
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&torn] {
      while (!done.load(std::memory_order_relaxed)) {
        if (PortMinusHost() != 1000) torn.fetch_add(1, std::memory_order_relaxed);
      }
    });
  }
  for (int host = 1; host <= 1000; ++host) MoveTo(host);
  done.store(true, std::memory_order_relaxed);
  for (std::thread& reader : readers) reader.join();
  printf("1000 versions published, %d seen torn\n", torn.load(std::memory_order_relaxed));
  delete current.load(std::memory_order_relaxed);
}

// Prints:
//   1000 versions published, 0 seen torn
