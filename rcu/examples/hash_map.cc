// The hash map: string keys and values, any number of readers and writers at once.
#include "rcu/hash_map.h"

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "rcu/domain.h"

using Rcu = rcu::MembDomain;
using Map = rcu::HashMap<Rcu>;

// A lookup is wait-free. What it returns is valid inside the section, so what is to
// outlive it is copied.
std::string Get(const Map& map, std::string_view key) {
  Rcu::ReadGuard guard;
  const rcu::Entry* entry = map.Find(key);
  return entry == nullptr ? "none" : std::string(entry->value());
}

// A write returns the entry that it has unlinked, if there was one, to be retired.
void Put(Map& map, std::string_view key, std::string_view value) {
  Map::Retire(map.Upsert(rcu::Entry::New(key, value)));
}
void Delete(Map& map, std::string_view key) { Map::Retire(map.Unlink(key)); }

// Each key that is there throughout is visited once, whatever is written meanwhile.
size_t Count(const Map& map) {
  size_t count = 0;
  uint64_t cursor = 0;
  do {
    // In steps, so that no section is long.
    cursor = map.Scan(cursor, /*max_buckets=*/64, [&count](const rcu::Entry&) {
      ++count;
      return true;
    });
  } while (cursor != 0);
  return count;
}

int main() {
  Map map;
  Put(map, "color", "red");
  Put(map, "color", "blue");
  printf("color: %s\n", Get(map, "color").c_str());
  Delete(map, "color");
  printf("color: %s\n", Get(map, "color").c_str());

  // Writers need no lock of the caller's, and the map grows as it must.
  std::vector<std::thread> writers;
  for (int w = 0; w < 4; ++w) {
    writers.emplace_back([&map, w] {
      for (int i = 0; i < 1000; ++i) {
        Put(map, std::to_string(w) + "/" + std::to_string(i), "value");
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  printf("keys: %zu\n", map.size());
  printf("keys scanned: %zu\n", Count(map));
}

// Prints:
//   color: blue
//   color: none
//   keys: 4000
//   keys scanned: 4000
