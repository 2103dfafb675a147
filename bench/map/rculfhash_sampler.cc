// Samples of liburcu's lock-free hash table, with the fast paths of liburcu inlined
// (_LGPL_SOURCE), under its flavors memb and qsbr.
#define _LGPL_SOURCE
#include <urcu/rculfhash.h>
#include <urcu/urcu-memb.h>
#include <urcu/urcu-qsbr.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "bench/map/data.h"
#include "bench/map/sampler.h"

// call-rcu.h declares these for the flavor that is included first alone.
#define RCUKV_LIBURCU_DECLARE(flavor)                                                \
  extern "C" void urcu_##flavor##_call_rcu(rcu_head* head, void (*func)(rcu_head*)); \
  extern "C" void urcu_##flavor##_barrier();                                         \
  extern "C" const rcu_flavor_struct urcu_##flavor##_flavor;

RCUKV_LIBURCU_DECLARE(memb)
RCUKV_LIBURCU_DECLARE(qsbr)

#undef RCUKV_LIBURCU_DECLARE

namespace rcukv::bench {
namespace {

// What every flavor has under a name with another prefix.
#define RCUKV_LIBURCU_FLAVOR(flavor)                                        \
  static const rcu_flavor_struct* Get() { return &urcu_##flavor##_flavor; } \
  static void RegisterThread() { urcu_##flavor##_register_thread(); }       \
  static void UnregisterThread() { urcu_##flavor##_unregister_thread(); }   \
  struct Section {                                                          \
    Section() { urcu_##flavor##_read_lock(); }                              \
    ~Section() { urcu_##flavor##_read_unlock(); }                           \
  };                                                                        \
  static void Quiesce() { urcu_##flavor##_quiescent_state(); }              \
  static void CallRcu(rcu_head* head, void (*function)(rcu_head*)) {        \
    urcu_##flavor##_call_rcu(head, function);                               \
  }                                                                         \
  static void Barrier() {                                                   \
    urcu_##flavor##_thread_offline();                                       \
    urcu_##flavor##_barrier();                                              \
    urcu_##flavor##_thread_online();                                        \
  }

struct Memb {
  RCUKV_LIBURCU_FLAVOR(memb)
};
struct Qsbr {
  RCUKV_LIBURCU_FLAVOR(qsbr)
};

#undef RCUKV_LIBURCU_FLAVOR

template <class Flavor>
class RculfhashTable {
 public:
  static constexpr bool kGrows = true;

  struct Member {
    explicit Member(RculfhashTable&) { Flavor::RegisterThread(); }
    ~Member() { Flavor::UnregisterThread(); }
  };

  explicit RculfhashTable(size_t entries)
      // A bucket an entry is what it resizes itself to. With a limit its buckets lie in
      // one mapping, without further indirection, which is the fastest that it has.
      : table_(cds_lfht_new_flavor(
            std::bit_ceil(std::max(entries, kMinBuckets)), kMinBuckets, kMaxBuckets,
            CDS_LFHT_AUTO_RESIZE | CDS_LFHT_ACCOUNTING, Flavor::Get(), nullptr)) {}

  void Put(const Key& key, const Value& value) {
    auto* entry = new Entry{.node = {}, .key = key, .value = value, .head = {}};
    cds_lfht_node* replaced;
    {
      const typename Flavor::Section section;
      replaced = cds_lfht_add_replace(table_, HashOf(key), HasKey, &key, &entry->node);
    }
    if (replaced != nullptr) Flavor::CallRcu(&EntryOf(replaced)->head, Free);
  }

  template <class Use>
  bool Find(const Key& key, Use use) const {
    const typename Flavor::Section section;
    cds_lfht_iter iterator;
    cds_lfht_lookup(table_, HashOf(key), HasKey, &key, &iterator);
    cds_lfht_node* node = cds_lfht_iter_get_node(&iterator);
    if (node == nullptr) return false;
    use(&EntryOf(node)->value);
    return true;
  }

  void Quiesce() { Flavor::Quiesce(); }
  void Settle() { Flavor::Barrier(); }

 private:
  static constexpr size_t kMinBuckets = 16;
  static constexpr size_t kMaxBuckets = size_t{1} << 27;

  // What a lookup touches comes first.
  struct Entry {
    cds_lfht_node node;
    Key key;
    Value value;
    rcu_head head;
  };

  static Entry* EntryOf(cds_lfht_node* node) {
    return caa_container_of(node, Entry, node);
  }
  static int HasKey(cds_lfht_node* node, const void* key) {
    return EntryOf(node)->key == *static_cast<const Key*>(key);
  }
  static void Free(rcu_head* head) { delete caa_container_of(head, Entry, head); }

  // Goes with the process.
  cds_lfht* const table_;
};

// Without membarrier its readers would execute fences, and it would be another flavor.
absl::Status PrepareMemb() {
  if (urcu_memb_has_sys_membarrier) return absl::OkStatus();
  return absl::UnavailableError("liburcu found no membarrier");
}

}  // namespace
}  // namespace rcukv::bench

int main(int argc, char** argv) {
  using namespace rcukv::bench;
  return MapSamplerMain(
      argc, argv,
      {MapContenderOf<RculfhashTable<Memb>>("rculfhash-memb", PrepareMemb),
       MapContenderOf<RculfhashTable<Qsbr>>("rculfhash-qsbr")});
}
