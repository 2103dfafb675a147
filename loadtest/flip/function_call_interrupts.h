// How often one processor of the machine has interrupted another to have it execute a
// function: which is how an expedited membarrier gets its barrier there.
//
// The kernel counts them for the whole machine, whoever asked for them, and among them
// are others than membarrier's. So a difference between two settings says something, and
// the count alone does not.
#ifndef RCUKV_LOADTEST_FLIP_FUNCTION_CALL_INTERRUPTS_H_
#define RCUKV_LOADTEST_FLIP_FUNCTION_CALL_INTERRUPTS_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace rcukv::loadtest {

// Since the machine started, of all processors together. Nothing where the kernel does
// not show it: /proc/interrupts is hidden in some containers. Any thread.
std::optional<uint64_t> FunctionCallInterrupts();

// The same of what that file holds: of the line "CAL" on x86, "IPI1" or so on arm64,
// which ends in "Function call interrupts" on both.
std::optional<uint64_t> ParseFunctionCallInterrupts(std::string_view interrupts);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_FLIP_FUNCTION_CALL_INTERRUPTS_H_
