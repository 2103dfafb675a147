// Flavors: how a reader's section is announced, and how the announcement is ordered
// before the loads of the section.
//
// A flavor is a compile-time parameter of Domain. Its two fences are a pair: where the
// reader's is a compiler barrier, the writer's reaches into the reader's thread; where
// the reader's is one of the machine, so is the writer's.
//
//   flavor | sections               | reader's fence    | writer's fence
//   mb     | announced              | full fence        | full fence
//   memb   | announced              | compiler barrier  | sys_membarrier(2)
//   signal | announced              | compiler barrier  | a signal to each reader
//   qsbr   | between quiescent      | none; full fence  | full fence
//          | states                 | when quiescent    |
//   rseq   | counted per CPU        | compiler barrier  | sys_membarrier(2)
#ifndef RCUKV_RCU_FLAVOR_H_
#define RCUKV_RCU_FLAVOR_H_

#include <concepts>
#include <string_view>

#include "absl/status/status.h"
#include "rcu/fence.h"
#include "rcu/membarrier.h"
#include "rcu/mutant.h"
#include "rcu/per_cpu_counters.h"
#include "rcu/signal_fence.h"

namespace rcu {

// How grace periods learn of sections.
enum class Sections {
  // Each thread announces its section, and its end: announced_sections.h.
  kAnnounced,
  // Each thread announces when it is in none: quiescent_sections.h.
  kQuiescent,
  // Sections are counted, not threads: counted_sections.h.
  kCounted,
};

template <class F>
concept Flavor = requires(MembarrierMode mode, Urgency urgency) {
  { F::kName } -> std::convertible_to<std::string_view>;
  { F::kSections } -> std::convertible_to<Sections>;
  // Whether WriterFence calls membarrier, and so has a mode.
  { F::kUsesMembarrier } -> std::convertible_to<bool>;
  // Whether WriterFence waits for readers' threads to get a CPU.
  { F::kWriterFenceWaits } -> std::convertible_to<bool>;

  // Between an announcement and the loads after it, and between those and the next one.
  { F::ReaderFence() } -> std::same_as<void>;
  // Between an unlink and the look at the announcements.
  { F::WriterFence(mode, urgency) } -> std::same_as<void>;

  // Once, best before there are threads. FAILED_PRECONDITION where the system lacks what
  // the flavor needs.
  { F::Prepare() } -> std::same_as<absl::Status>;
  // In each thread, before its first announcement and after its last.
  { F::JoinThread() } -> std::same_as<void>;
  { F::LeaveThread() } -> std::same_as<void>;
};

namespace internal {

// What most flavors need not do.
struct FlavorDefaults {
  static constexpr Sections kSections = Sections::kAnnounced;
  static constexpr bool kUsesMembarrier = false;
  static constexpr bool kWriterFenceWaits = false;
  static absl::Status Prepare() { return absl::OkStatus(); }
  static void JoinThread() {}
  static void LeaveThread() {}
};

}  // namespace internal

// Readers execute full memory barriers; a grace period needs no system call. Works
// everywhere.
struct Mb : internal::FlavorDefaults {
  static constexpr std::string_view kName = "mb";
  static void ReaderFence() {
    Mutated(Mutant::kMbReaderUnfenced) ? CompilerBarrier() : FullFence();
  }
  static void WriterFence(MembarrierMode, Urgency) {
    Mutated(Mutant::kMbWriterUnfenced) ? CompilerBarrier() : FullFence();
  }
};

// Readers execute compiler barriers; a grace period calls sys_membarrier(2).
struct Memb : internal::FlavorDefaults {
  static constexpr std::string_view kName = "memb";
  static constexpr bool kUsesMembarrier = true;
  static void ReaderFence() {
    if constexpr (!Mutated(Mutant::kMembReaderUnfenced)) CompilerBarrier();
  }
  static void WriterFence(MembarrierMode mode, Urgency urgency) {
    Mutated(Mutant::kMembWriterFullFence) ? FullFence() : HeavyFence(mode, urgency);
  }
  static absl::Status Prepare() { return PrepareMembarrier(); }
};

// Readers execute compiler barriers; a grace period interrupts each of them with a
// signal. For systems without membarrier: system calls of readers may return EINTR.
struct Signal : internal::FlavorDefaults {
  static constexpr std::string_view kName = "signal";
  static constexpr bool kWriterFenceWaits = true;
  static void ReaderFence() { CompilerBarrier(); }
  static void WriterFence(MembarrierMode, Urgency) { SignalFence(); }
  static absl::Status Prepare() { return PrepareSignalFence(); }
  static void JoinThread() { JoinSignalFence(); }
  static void LeaveThread() { LeaveSignalFence(); }
};

// Sections cost nothing; each thread says now and then that it is in none (Quiesce), and
// goes offline before it waits for anything. For event loops.
struct Qsbr : internal::FlavorDefaults {
  static constexpr std::string_view kName = "qsbr";
  static constexpr Sections kSections = Sections::kQuiescent;
  static void ReaderFence() {
    Mutated(Mutant::kQsbrReaderUnfenced) ? CompilerBarrier() : FullFence();
  }
  static void WriterFence(MembarrierMode, Urgency) { FullFence(); }
};

// Sections are counted per CPU in restartable sequences: a grace period looks at as many
// counters as there are CPUs, however many threads read, and threads need no record.
// Needs a kernel with mm_cid (6.3) on x86-64, and glibc 2.35.
struct Rseq : internal::FlavorDefaults {
  static constexpr std::string_view kName = "rseq";
  static constexpr Sections kSections = Sections::kCounted;
  static constexpr bool kUsesMembarrier = true;
  static void ReaderFence() {
    if constexpr (!Mutated(Mutant::kRseqReaderUnfenced)) CompilerBarrier();
  }
  static void WriterFence(MembarrierMode mode, Urgency urgency) {
    Mutated(Mutant::kRseqWriterFullFence) ? FullFence() : HeavyFence(mode, urgency);
  }
  static absl::Status Prepare() {
    if (absl::Status status = CheckPerCpuCounters(); !status.ok()) return status;
    return PrepareMembarrier();
  }
};

static_assert(Flavor<Mb> && Flavor<Memb> && Flavor<Signal> && Flavor<Qsbr> &&
              Flavor<Rseq>);

}  // namespace rcu

#endif  // RCUKV_RCU_FLAVOR_H_
