// How often the CPUs of the machine were interrupted to call a function: which is how the
// kernel carries out an expedited membarrier, and a few other things.
#ifndef RCUKV_BENCH_RCU_INTERRUPTS_H_
#define RCUKV_BENCH_RCU_INTERRUPTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rcukv::bench {

// The sum of all CPUs, modulo 2^32, as the kernel counts: a difference of two is right
// for as long as less than that lies between. Absent: the text has no such row, which
// x86 calls "CAL" and arm64 "IPI1".
//
// Thread safety: any thread, at any time.
std::optional<uint32_t> FunctionCallInterrupts(std::string_view proc_interrupts);

// "/proc/interrupts", of all programs since the machine was started. Empty: not there.
std::string ReadProcInterrupts();

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_RCU_INTERRUPTS_H_
