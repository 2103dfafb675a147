// Not RCU: a lock with the shape of a Domain, so that the same structures run on it.
// Comparison arms: what one had before RCU.
//
//   RwLockDomain  readers hold a readers-writer lock shared.
//   MutexDomain   readers hold a mutex, one at a time.
//
// Writers hold the lock exclusively while they change a structure; so what was unlinked
// may be freed at once.
#ifndef RCUKV_RCU_LOCK_DOMAIN_H_
#define RCUKV_RCU_LOCK_DOMAIN_H_

#include <pthread.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "rcu/domain.h"
#include "rcu/domain_stats.h"
#include "rcu/holdout.h"
#include "rcu/membarrier.h"
#include "rcu/reclaim_on.h"

namespace rcu {
namespace internal {

// A writer that waits keeps new readers out: with glibc's default, which
// std::shared_mutex is, readers that never pause would starve it, and an arm that does no
// writes compares with nothing.
class RwLock {
 public:
  static constexpr std::string_view kName = "rwlock";

  void LockShared() { pthread_rwlock_rdlock(&lock_); }
  bool TryLockShared() { return pthread_rwlock_tryrdlock(&lock_) == 0; }
  void LockExclusive() { pthread_rwlock_wrlock(&lock_); }
  void Unlock() { pthread_rwlock_unlock(&lock_); }

 private:
  pthread_rwlock_t lock_ = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
};

class Mutex {
 public:
  static constexpr std::string_view kName = "mutex";

  void LockShared() { LockExclusive(); }
  bool TryLockShared() { return pthread_mutex_trylock(&lock_) == 0; }
  void LockExclusive() { pthread_mutex_lock(&lock_); }
  void Unlock() { pthread_mutex_unlock(&lock_); }

 private:
  pthread_mutex_t lock_ = PTHREAD_MUTEX_INITIALIZER;
};

// Thread safety: as of Domain, but sections do not nest, and a reader may wait for a
// writer.
template <class Lock, class Tag>
class LockedDomain {
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
    WriteGuard() { lock_.LockExclusive(); }
    ~WriteGuard() { lock_.Unlock(); }
    WriteGuard(const WriteGuard&) = delete;
    WriteGuard& operator=(const WriteGuard&) = delete;
  };

  static void lock() { lock_.LockShared(); }
  static void unlock() { lock_.Unlock(); }
  static bool try_lock() { return lock_.TryLockShared(); }

  // A reader that holds no lock is seen by nobody.
  static void Online() {}
  static void Offline() {}
  static void Quiesce() {}
  class [[nodiscard]] OnlineGuard {
   public:
    OnlineGuard() {}
    OnlineGuard(const OnlineGuard&) = delete;
    OnlineGuard& operator=(const OnlineGuard&) = delete;
  };

  static void Synchronize() {}
  static void Barrier() {}
  static void Retire(void* object, void (*reclaim)(void*), size_t /*bytes*/,
                     ReclaimOn /*on*/ = ReclaimOn::kDomainThread) {
    reclaim(object);
  }
  template <class T>
  static void Retire(T* object, size_t /*bytes*/ = sizeof(T),
                     ReclaimOn /*on*/ = ReclaimOn::kDomainThread) {
    delete object;
  }

  static constexpr std::string_view FlavorName() { return Lock::kName; }
  static absl::Status Prepare() { return absl::OkStatus(); }
  static MembarrierMode membarrier_mode() { return MembarrierMode::kNone; }
  static absl::Status SetMembarrierMode(MembarrierMode mode) {
    return absl::FailedPreconditionError(
        absl::StrFormat("flavor %s has no membarrier mode \"%s\"", FlavorName(),
                        MembarrierModeName(mode)));
  }
  static void SetBacklogLimit(size_t /*limit_bytes*/) {}
  static void SetHoldoutLimit(std::chrono::nanoseconds /*limit*/) {}
  static std::optional<Holdout> LastHoldout() { return std::nullopt; }
  static DomainStats Stats() { return {}; }

 private:
  static inline constinit Lock lock_;
};

}  // namespace internal

template <class Tag = DefaultTag>
using RwLockDomain = internal::LockedDomain<internal::RwLock, Tag>;
using LockDomain = RwLockDomain<>;
using MutexDomain = internal::LockedDomain<internal::Mutex, DefaultTag>;

}  // namespace rcu

#endif  // RCUKV_RCU_LOCK_DOMAIN_H_
