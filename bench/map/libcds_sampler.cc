// Samples of libcds's MichaelHashMap under its buffered RCU.
#include <cds/init.h>
#include <cds/threading/model.h>
#include <cds/urcu/general_buffered.h>
// After the flavor of RCU.
#include <cds/container/michael_kvlist_rcu.h>
#include <cds/container/michael_map_rcu.h>

#include <algorithm>
#include <atomic>
#include <cstddef>

#include "bench/map/data.h"
#include "bench/map/sampler.h"

namespace rcukv::bench {
namespace {

using Rcu = cds::urcu::gc<cds::urcu::general_buffered<>>;

class LibcdsTable {
 public:
  // Its buckets are as many as at first.
  static constexpr bool kGrows = false;

  struct Member {
    explicit Member(LibcdsTable&) { cds::threading::Manager::attachThread(); }
    ~Member() { cds::threading::Manager::detachThread(); }
  };

  explicit LibcdsTable(size_t entries) : map_(entries, /*nLoadFactor=*/1) {}

  // It does not replace entries, and what is in them is for the program to protect: so
  // the value is an allocation of its own.
  void Put(const Key& key, const Value& value) {
    auto* replacement = new Value(value);
    Value* replaced = nullptr;
    map_.update(key, [&](bool, Map::value_type& item) {
      // acq_rel; release pairs with the acquire in Find.
      replaced =
          std::atomic_ref(item.second).exchange(replacement, std::memory_order_acq_rel);
    });
    if (replaced != nullptr) Rcu::retire_ptr<Delete>(replaced);
  }

  template <class Use>
  bool Find(const Key& key, Use use) {
    // The function runs inside a section.
    return map_.find(key, [&](Map::value_type& item) {
      use(std::atomic_ref(item.second).load(std::memory_order_acquire));
    });
  }

  void Quiesce() {}
  void Settle() { Rcu::force_dispose(); }

 private:
  struct Delete {
    void operator()(Value* value) const { delete value; }
  };
  struct Hasher {
    size_t operator()(const Key& key) const { return HashOf(key); }
  };
  struct Compare {
    int operator()(const Key& a, const Key& b) const {
      if (a.words[0] != b.words[0]) return a.words[0] < b.words[0] ? -1 : 1;
      if (a.words[1] != b.words[1]) return a.words[1] < b.words[1] ? -1 : 1;
      return 0;
    }
  };
  struct ListTraits : cds::container::michael_list::traits {
    using compare = Compare;
  };
  struct MapTraits : cds::container::michael_map::traits {
    using hash = Hasher;
  };
  using List = cds::container::MichaelKVList<Rcu, Key, Value*, ListTraits>;
  using Map = cds::container::MichaelHashMap<Rcu, List, MapTraits>;

  Map map_;
};

}  // namespace
}  // namespace rcukv::bench

int main(int argc, char** argv) {
  using namespace rcukv::bench;
  cds::Initialize();
  int status = 0;
  {
    const Rcu rcu(/*nBufferCapacity=*/256);
    // This thread makes and destroys the map.
    cds::threading::Manager::attachThread();
    status = MapSamplerMain(argc, argv, {MapContenderOf<LibcdsTable>("libcds-michael")});
    cds::threading::Manager::detachThread();
  }
  cds::Terminate();
  return status;
}
