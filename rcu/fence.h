// Every fence of the library. Nothing else in rcu/ calls atomic_thread_fence or
// atomic_signal_fence; the heavy fence, made of a system call, is in membarrier.h.
#ifndef RCUKV_RCU_FENCE_H_
#define RCUKV_RCU_FENCE_H_

#include <atomic>

namespace rcu {

// Keeps the compiler from moving memory accesses across it; no instruction. Orders
// nothing by itself on the machine: its partner is HeavyFence() in another thread.
inline void CompilerBarrier() { std::atomic_signal_fence(std::memory_order_seq_cst); }

// A full memory barrier of the machine, store -> load included.
inline void FullFence() { std::atomic_thread_fence(std::memory_order_seq_cst); }

// Read fence: loads before it are done before any access after it, for the compiler and
// the machine. Not the same as a load-acquire, past which earlier loads may sink. No
// instruction on x86, `dmb ishld` on aarch64.
inline void AcquireFence() { std::atomic_thread_fence(std::memory_order_acquire); }

// Write fence: stores after it are done after every access before it. Not the same as a
// store-release, past which later stores may rise. No instruction on x86, `dmb ish` on
// aarch64.
inline void ReleaseFence() { std::atomic_thread_fence(std::memory_order_release); }

// Tells the CPU that this is a spinning loop.
inline void SpinPause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

}  // namespace rcu

#endif  // RCUKV_RCU_FENCE_H_
