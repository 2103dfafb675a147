// What the hash map orders, as ThreadSanitizer sees it: a lookup that finds a key also
// finds made what it went through, and nothing else orders the two threads. Without
// ThreadSanitizer this test shows little.
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "rcu/domain.h"
#include "rcu/hash_map.h"
#include "rcu/relaxed_flag.h"

namespace rcu {
namespace {

// [H1] to [H2], [H3] to [H4], [H5] to [H6]: entries, overflow buckets and arrays of a map
// that grows.
TEST(HashMapHappensBeforeTest, TheMakingOfWhatALookupFinds) {
  struct Tag;
  using D = Domain<Memb, Tag>;
  constexpr int kKeys = 4000;
  HashMap<D> map;
  RelaxedFlag reads;
  std::thread reader([&] {
    for (int i = 0; i < kKeys; ++i) {
      const std::string key = std::to_string(i);
      for (bool found = false; !found;) {
        typename D::ReadGuard section;
        const Entry* entry = map.Find(key);
        found = entry != nullptr && entry->value() == key;
        reads.Set();
      }
    }
  });
  reads.Await();
  for (int i = 0; i < kKeys; ++i) {
    const std::string key = std::to_string(i);
    map.Retire(map.Upsert(Entry::New(key, key)));
  }
  reader.join();
  D::Barrier();
}

}  // namespace
}  // namespace rcu
