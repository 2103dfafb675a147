#include "rcu/per_cpu_counters.h"

#include <sys/auxv.h>
#include <unistd.h>

#include <algorithm>

namespace rcu {
namespace {

// Of <linux/auxvec.h>, since Linux 6.3: how many bytes of struct rseq the kernel fills
// in. glibc's __rseq_size says 20 long after that.
constexpr unsigned long kAuxRseqFeatureSize = 27;
constexpr unsigned long kSizeWithMmCid = kRseqMmCid + sizeof(uint32_t);

absl::Status Missing(const char* what) { return absl::FailedPreconditionError(what); }

}  // namespace

absl::Status CheckPerCpuCounters() {
#if !defined(__x86_64__)
  return Missing("flavor rseq is made for x86-64 alone: choose memb");
#endif
  if (__rseq_size == 0) {
    return Missing(
        "glibc has not registered restartable sequences (an old kernel, a seccomp filter "
        "that forbids rseq, or GLIBC_TUNABLES=glibc.pthread.rseq=0): choose memb");
  }
  if (getauxval(kAuxRseqFeatureSize) < kSizeWithMmCid) {
    return Missing(
        "the kernel's restartable sequences have no mm_cid, which came with Linux 6.3: "
        "choose memb");
  }
  return absl::OkStatus();
}

size_t PerCpuCount() {
  return static_cast<size_t>(std::max(1L, sysconf(_SC_NPROCESSORS_CONF)));
}

}  // namespace rcu
