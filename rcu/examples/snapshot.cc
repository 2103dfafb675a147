// Snapshots: several keys of a hash map, as they were at one moment.
//
// Two lookups in a row may have a write between them. Where that matters, writers put
// what belongs together into a batch, and readers find all keys at once: without a lock,
// by looking again if a batch was in the way.
#include <atomic>
#include <cstdio>
#include <string>
#include <string_view>
#include <thread>

#include "rcu/domain.h"
#include "rcu/hash_map.h"

using Rcu = rcu::MembDomain;
using Map = rcu::HashMap<Rcu>;

// Sets both balances; whoever looks for both sees both changed, or neither.
void SetBalances(Map& map, int a, int b) {
  const rcu::Entry* old[2];
  {
    Map::WriteBatch batch(map);
    old[0] = batch.Upsert(rcu::Entry::New("a", std::to_string(a)));
    old[1] = batch.Upsert(rcu::Entry::New("b", std::to_string(b)));
  }
  for (const rcu::Entry* entry : old) Map::Retire(entry);
}

int Sum(const Map& map) {
  Rcu::ReadGuard guard;
  const std::string_view keys[] = {"a", "b"};
  const rcu::Entry* entries[2];
  map.SnapshotFind(keys, entries);
  return std::stoi(std::string(entries[0]->value())) +
         std::stoi(std::string(entries[1]->value()));
}

int main() {
  Map map;
  SetBalances(map, 100, 0);
  std::atomic<bool> done{false};
  int wrong = 0;
  std::thread reader([&] {
    do {
      if (Sum(map) != 100) ++wrong;
    } while (!done.load(std::memory_order_relaxed));
  });
  for (int i = 0; i < 10000; ++i) SetBalances(map, i % 101, 100 - i % 101);
  done.store(true, std::memory_order_relaxed);
  reader.join();
  printf("10000 transfers, %d wrong sums\n", wrong);
}

// Prints:
//   10000 transfers, 0 wrong sums
