// Counters that each CPU has for itself, incremented without an atomic read-modify-write:
// by a restartable sequence, which the kernel starts anew when it takes the CPU away from
// the thread in the middle of it. See rseq(2), and Desnoyers, "The 5-year journey to
// bring restartable sequences to Linux" (2019).
//
// "CPU" is the kernel's mm_cid: a number below the number of possible CPUs that no two
// running threads of a process have at the same time, and as small as can be. What is
// relied on: a switch of threads on a mm_cid is a full memory barrier between what the
// one did before and the other does after.
#ifndef RCUKV_RCU_PER_CPU_COUNTERS_H_
#define RCUKV_RCU_PER_CPU_COUNTERS_H_

#include <sys/rseq.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "rcu/mutant.h"
#include "rcu/tsan.h"

namespace rcu {

// Whether kernel, C library and processor have restartable sequences with mm_cid.
// FAILED_PRECONDITION says what is missing.
absl::Status CheckPerCpuCounters();

// How many CPUs a counter is made for: every mm_cid is below it. 0 where the system does
// not say.
size_t PerCpuCount();

// The counters of one CPU, in a cache line of their own: sections begun and ended, of
// each of two phases.
struct alignas(64) SectionCounts {
  std::atomic<uint64_t> begun[2];
  std::atomic<uint64_t> ended[2];
};

// Offsets into struct rseq, which the kernel and glibc fix; glibc 2.36 does not name
// mm_cid.
inline constexpr ptrdiff_t kRseqCriticalSection = 8;
inline constexpr ptrdiff_t kRseqMmCid = 24;

// Adds 1 to one counter of the calling thread's CPU: `of_first` is that of the first CPU.
// A release store, and a compiler barrier. Only where CheckPerCpuCounters() is ok.
// Async-signal-safe: a handler that interrupts it makes it start anew.
inline void IncrementOnThisCpu(std::atomic<uint64_t>* of_first) {
#if defined(__x86_64__)
  const char* const rseq = static_cast<char*>(__builtin_thread_pointer()) + __rseq_offset;
#if RCUKV_RCU_TSAN
  // ThreadSanitizer cannot see into the sequence. An increment that is atomic may land on
  // any CPU's counter.
  const uint32_t cpu = *reinterpret_cast<const volatile uint32_t*>(rseq + kRseqMmCid);
  auto* const first = reinterpret_cast<SectionCounts*>(
      reinterpret_cast<uintptr_t>(of_first) & ~(alignof(SectionCounts) - 1));
  const ptrdiff_t in_line =
      reinterpret_cast<char*>(of_first) - reinterpret_cast<char*>(first);
  auto* const mine = reinterpret_cast<std::atomic<uint64_t>*>(
      reinterpret_cast<char*>(first + cpu) + in_line);
  mine->fetch_add(1, Order<Mutant::kCountEndRelaxed>(std::memory_order_release));
#else
  uint64_t scratch;
  // Announces the sequence 1..2 to the kernel; a thread that is preempted, migrated or
  // interrupted by a signal inside of it goes on at 4, which starts anew. The add is its
  // last instruction, and so happens once. "?": in the section group of the function that
  // this is inlined into, so that a program of several files links, whose linker keeps
  // one copy of each inline function and drops what belongs to the others.
  asm volatile(
      ".pushsection __rseq_cs, \"aw?\"\n"
      ".balign 32\n"
      "3: .long 0, 0\n"
      ".quad 1f, (2f - 1f) * %c[restarts], 4f\n"
      ".popsection\n"
      "0: leaq 3b(%%rip), %[scratch]\n"
      "movq %[scratch], %c[critical_section](%[rseq])\n"
      "1: movl %c[mm_cid](%[rseq]), %k[scratch]\n"
      "shlq $6, %[scratch]\n"
      "incq (%[counter], %[scratch])\n"
      "2:\n"
      ".pushsection __rseq_failure, \"ax?\"\n"
      // The signature that the kernel wants ahead of a place to go on at.
      ".byte 0x0f, 0xb9, 0x3d\n"
      ".long %c[signature]\n"
      "4: jmp 0b\n"
      ".popsection\n"
      : [scratch] "=&r"(scratch)
      : [rseq] "r"(rseq), [counter] "r"(of_first),
        [critical_section] "i"(kRseqCriticalSection), [mm_cid] "i"(kRseqMmCid),
        [signature] "i"(RSEQ_SIG),
        [restarts] "i"(Mutated(Mutant::kCountUnrestarted) ? 0 : 1)
      : "memory", "cc");
  static_assert(sizeof(SectionCounts) == 64);
#endif
#else
  (void)of_first;  // CheckPerCpuCounters() has said so.
  __builtin_trap();
#endif
}

}  // namespace rcu

#endif  // RCUKV_RCU_PER_CPU_COUNTERS_H_
