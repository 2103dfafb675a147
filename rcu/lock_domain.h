// Not RCU: a readers-writer lock with the shape of a Domain, so that the same structures
// run on it. A comparison arm: what one had before RCU.
//
// Readers hold the lock shared, writers hold it exclusively while they change a
// structure; so what was unlinked may be freed at once. A writer that waits keeps new
// readers out: with glibc's default, which std::shared_mutex is, readers that never pause
// would starve it, and an arm that does no writes compares with nothing.
#ifndef RCUKV_RCU_LOCK_DOMAIN_H_
#define RCUKV_RCU_LOCK_DOMAIN_H_

#include <pthread.h>

#include <cstddef>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "rcu/domain.h"
#include "rcu/domain_stats.h"
#include "rcu/membarrier.h"

namespace rcu {

// Thread safety: as of Domain, but sections do not nest, and a reader may wait for a
// writer.
template <class Tag = DefaultTag>
class RwLockDomain {
 public:
  class [[nodiscard]] ReadGuard {
   public:
    ReadGuard() { lock(); }
    ~ReadGuard() { unlock(); }
    ReadGuard(const ReadGuard&) = delete;
    ReadGuard& operator=(const ReadGuard&) = delete;
  };
  class [[nodiscard]] WriteGuard {
   public:
    WriteGuard() { pthread_rwlock_wrlock(&lock_); }
    ~WriteGuard() { pthread_rwlock_unlock(&lock_); }
    WriteGuard(const WriteGuard&) = delete;
    WriteGuard& operator=(const WriteGuard&) = delete;
  };

  static void lock() { pthread_rwlock_rdlock(&lock_); }
  static void unlock() { pthread_rwlock_unlock(&lock_); }
  static bool try_lock() { return pthread_rwlock_tryrdlock(&lock_) == 0; }

  static void Online() {}
  static void Offline() {}
  static void Quiesce() {}

  static void Synchronize() {}
  static void Barrier() {}
  static void Retire(void* object, void (*reclaim)(void*), size_t /*bytes*/) {
    reclaim(object);
  }
  template <class T>
  static void Retire(T* object, size_t /*bytes*/ = sizeof(T)) {
    delete object;
  }

  static constexpr std::string_view FlavorName() { return "rwlock"; }
  static absl::Status Prepare() { return absl::OkStatus(); }
  static MembarrierMode membarrier_mode() { return MembarrierMode::kNone; }
  static absl::Status SetMembarrierMode(MembarrierMode mode) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "flavor rwlock has no membarrier mode \"%s\"", MembarrierModeName(mode)));
  }
  static void SetBacklogLimit(size_t /*limit_bytes*/) {}
  static DomainStats Stats() { return {}; }

 private:
  static inline pthread_rwlock_t lock_ =
      PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
};

using LockDomain = RwLockDomain<>;

}  // namespace rcu

#endif  // RCUKV_RCU_LOCK_DOMAIN_H_
