#include "rcu/per_cpu_counters.h"

#include <sys/auxv.h>

#include <fstream>

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
  if (PerCpuCount() == 0) {
    return Missing(
        "/sys/devices/system/cpu/possible, which says how many CPUs flavor rseq has to "
        "count for, cannot be read: choose memb");
  }
  return absl::OkStatus();
}

size_t PerCpuCount() {
  // "0-3", "0-3,8": a mm_cid is below the number of CPUs that the kernel may ever have.
  // Not sysconf(): it guesses where it cannot read this.
  std::ifstream file("/sys/devices/system/cpu/possible");
  size_t last = 0;
  for (char separator = 0; file >> last;) {
    if (!(file >> separator)) return last + 1;
  }
  return 0;
}

}  // namespace rcu
