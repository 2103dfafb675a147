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

void signal_lock() { SignalDomain::lock(); }
void signal_unlock() { SignalDomain::unlock(); }
int signal_read(const std::atomic<const int*>& shared) {
  return Read<SignalDomain>(shared);
}

void qsbr_lock() { QsbrDomain::lock(); }
void qsbr_unlock() { QsbrDomain::unlock(); }
int qsbr_read(const std::atomic<const int*>& shared) { return Read<QsbrDomain>(shared); }

#if defined(__x86_64__)  // The only machine that rseq is made for.
void rseq_lock() { RseqDomain::lock(); }
void rseq_unlock() { RseqDomain::unlock(); }
int rseq_read(const std::atomic<const int*>& shared) { return Read<RseqDomain>(shared); }
#endif

}  // extern "C"
}  // namespace rcu
