// What a reader compiles to, in functions whose names reader_code_test.py finds in the
// object file. Never run.
#include <atomic>

#include "rcu/domain.h"

namespace rcu {
namespace {

template <class D>
int Read(const std::atomic<const int*>& shared) {
  typename D::ReadGuard guard;
  // acquire: the program's own load of what a writer has published.
  return *shared.load(std::memory_order_acquire);
}

}  // namespace

extern "C" {

void mb_lock() { MbDomain::lock(); }
void mb_unlock() { MbDomain::unlock(); }
int mb_read(const std::atomic<const int*>& shared) { return Read<MbDomain>(shared); }

void memb_lock() { MembDomain::lock(); }
void memb_unlock() { MembDomain::unlock(); }
int memb_read(const std::atomic<const int*>& shared) { return Read<MembDomain>(shared); }

}  // extern "C"
}  // namespace rcu
