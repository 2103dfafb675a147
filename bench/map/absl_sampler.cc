// Samples of absl::flat_hash_map under absl::Mutex: one of each, and 64 of each.
#include <array>
#include <cstddef>

#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "bench/map/data.h"
#include "bench/map/sampler.h"

namespace rcukv::bench {
namespace {

template <size_t shards>
class AbslTable {
 public:
  using Member = NoMember<AbslTable>;
  static constexpr bool kGrows = true;

  explicit AbslTable(size_t entries) {
    // Shards differ a little in size.
    const size_t room = entries / shards * (shards == 1 ? 100 : 105) / 100 + 1;
    for (Shard& shard : shards_) shard.map.reserve(entries == 0 ? 0 : room);
  }

  // Under the lock, so the value may lie in the slot and be replaced in place.
  void Put(const Key& key, const Value& value) {
    Shard& shard = ShardOf(HashOf(key));
    const absl::WriterMutexLock lock(&shard.mutex);
    shard.map.insert_or_assign(key, value);
  }

  template <class Use>
  bool Find(const Key& key, Use use) const {
    const size_t hash = HashOf(key);
    Shard& shard = ShardOf(hash);
    const absl::ReaderMutexLock lock(&shard.mutex);
    const auto found = shard.map.find(key, hash);
    if (found == shard.map.end()) return false;
    use(&found->second);
    return true;
  }

  void Quiesce() {}
  void Settle() {}

 private:
  struct Hasher {
    size_t operator()(const Key& key) const { return HashOf(key); }
  };
  struct alignas(128) Shard {
    absl::Mutex mutex;
    absl::flat_hash_map<Key, Value, Hasher> map;
  };

  // By the hash's high bits; the map takes the low ones first.
  Shard& ShardOf(size_t hash) const { return shards_[(hash >> 58) % shards]; }

  mutable std::array<Shard, shards> shards_;
};

}  // namespace
}  // namespace rcukv::bench

int main(int argc, char** argv) {
  using namespace rcukv::bench;
  return MapSamplerMain(argc, argv,
                        {MapContenderOf<AbslTable<1>>("absl-mutex-1"),
                         MapContenderOf<AbslTable<64>>("absl-mutex-64")});
}
