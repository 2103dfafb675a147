// The hash map of a table, reached only by threads that are online.
//
// In flavor qsbr an entry is protected only as long as the thread that looks at it is
// online (rcu/domain.h). Threads of many kinds call tables: serving threads, the
// committer, those of AdminService and of RunLookups, tests. None of them says so: here
// the map is private, and the ways to it, an Access and a batch of writes, hold the
// thread online for as long as they live. So whoever can reach an entry is online, and
// whoever is online is inside a call of a table, where nobody waits for an event, a disk
// or a grace period: no thread can forget the one, and so read what has been freed, nor
// the other, and so hold grace periods up.
//
// What it costs: in qsbr a store and a fence for each Access, that is for each batch of
// lookups, not for each section; in the other flavors nothing, as OnlineGuard is empty
// there.
#ifndef RCUKV_SERVER_TABLE_ONLINE_MAP_H_
#define RCUKV_SERVER_TABLE_ONLINE_MAP_H_

#include "rcu/hash_map.h"

namespace rcukv {

// Thread safety: as of rcu::HashMap.
template <class Domain>
class OnlineMap {
 public:
  // The thread is online, and may use the map, for as long as it lives. It must not wait
  // for anything meanwhile, nor retire what it unlinks: with a backlog past its limit a
  // thread that is online cannot wait for room.
  class [[nodiscard]] Access {
   public:
    explicit Access(rcu::HashMap<Domain>& map) : map_(map) {}

    rcu::HashMap<Domain>& operator*() const { return map_; }
    rcu::HashMap<Domain>* operator->() const { return &map_; }

   private:
    // First, so that it is there before the map is reached.
    typename Domain::OnlineGuard online_;
    rcu::HashMap<Domain>& map_;
  };

  Access Use() const { return Access(map_); }

  // A batch needs no Access: it waits for its turn offline, and is online from then on.
  typename rcu::HashMap<Domain>::WriteBatch Batch() const {
    return typename rcu::HashMap<Domain>::WriteBatch(map_);
  }

  // Figures look at no entry.
  size_t size() const { return map_.size(); }
  size_t entry_bytes() const { return map_.entry_bytes(); }
  size_t bucket_bytes() const { return map_.bucket_bytes(); }

 private:
  // Its methods are const or not as those of the table are.
  mutable rcu::HashMap<Domain> map_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_TABLE_ONLINE_MAP_H_
