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

using D = Domain<Memb, struct HashMapTag>;
using Map = HashMap<D>;

void Put(Map& map, int key) {
  const std::string text = std::to_string(key);
  map.Retire(map.Upsert(Entry::New(text, text)));
}

bool Has(const Map& map, int key) {
  const std::string text = std::to_string(key);
  D::ReadGuard section;
  const Entry* entry = map.Find(text);
  return entry != nullptr && entry->value() == text;
}

// Puts the keys 0, 1, 2 ... into `map` by a thread of its own, until `enough` says so of
// it; the thread goes on living till the object's end. The constructor returns when it
// has put them.
class Writer {
 public:
  Writer(Map& map, bool (*enough)(const Map&)) {
    thread_ = std::thread([this, &map, enough] {
      for (int key = 0; !enough(map); ++key) Put(map, key);
      has_put_.Set();
      end_.Await();
    });
    has_put_.Await();
  }
  ~Writer() {
    end_.Set();
    thread_.join();
  }

 private:
  RelaxedFlag has_put_;
  RelaxedFlag end_;
  std::thread thread_;
};

constexpr size_t kFirstBytes = Map::kMinBuckets * sizeof(Bucket);

TEST(HashMapHappensBeforeTest, TheMakingOfAnEntryThatALookupFinds) {  // [H1] to [H2]
  Map map;
  // The first one was made before its thread joined the domain, which is in itself
  // ordered before this thread's joining.
  Writer writer(map, [](const Map& m) { return m.size() == 2; });
  EXPECT_TRUE(Has(map, 1));
}

TEST(HashMapHappensBeforeTest, TheMakingOfTheArrayThatIsCurrent) {  // [H5] to [H6]
  Map map;
  // More than the first array is let hold, and then as many writes as move every bucket.
  Writer writer(map, [](const Map& m) { return m.size() == 20 * Map::kMinBuckets; });
  EXPECT_FALSE(Has(map, -1));
}

// [H5] to [H6]: the array before that one.
TEST(HashMapHappensBeforeTest, TheMakingOfTheArrayThatAnotherWriterMovesBucketsInto) {
  Map map;
  // Twice the size, beside the first and a few overflow buckets.
  Writer writer(map, [](const Map& m) { return m.bucket_bytes() >= 3 * kFirstBytes; });
  Put(map, -1);
}

}  // namespace
}  // namespace rcu
