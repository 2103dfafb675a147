// Samples of TBB's concurrent_hash_map: a lock for each bucket and for each entry.
#include <tbb/concurrent_hash_map.h>

#include <cstddef>
#include <memory>
#include <utility>

#include "bench/map/data.h"
#include "bench/map/sampler.h"

namespace rcukv::bench {
namespace {

class TbbTable {
 public:
  using Member = NoMember<TbbTable>;
  static constexpr bool kGrows = true;

  explicit TbbTable(size_t entries) {
    if (entries > 0) map_.rehash(entries);
  }

  // Under the entry's lock, so the value may lie in the entry and be replaced in place.
  void Put(const Key& key, const Value& value) {
    Map::accessor accessor;
    map_.insert(accessor, key);
    accessor->second = value;
  }

  template <class Use>
  bool Find(const Key& key, Use use) const {
    Map::const_accessor accessor;
    if (!map_.find(accessor, key)) return false;
    use(&accessor->second);
    return true;
  }

  void Quiesce() {}
  void Settle() {}

 private:
  struct Compare {
    static size_t hash(const Key& key) { return HashOf(key); }
    static bool equal(const Key& a, const Key& b) { return a == b; }
  };
  // TBB's own allocator would take memory from jemalloc or from a library of its own,
  // depending on what is installed.
  using Map = tbb::concurrent_hash_map<Key, Value, Compare,
                                       std::allocator<std::pair<const Key, Value>>>;

  Map map_;
};

}  // namespace
}  // namespace rcukv::bench

int main(int argc, char** argv) {
  using namespace rcukv::bench;
  return MapSamplerMain(argc, argv, {MapContenderOf<TbbTable>("tbb")});
}
