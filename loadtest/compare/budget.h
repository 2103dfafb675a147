// The budget of one call: where the server's CPU time of a BatchGet goes.
//
// What is measured, and what follows from what:
//
//   total    CPU time of the server's process for a call: measured, layer 4. With it goes
//            what the process does besides: the writes, and their grace periods.
//   kernel   the system time in it: the kernel's share of the process's CPU time, as it
//            samples it with its clock's ticks. A measurement has few of these, so the
//            share is that of all rounds and strategies together.
//   lookup   what layer 3 takes for as many keys with a section a batch, less the
//            barrier: derived. Layer 3 looks few keys up, which stay in the CPU's
//            caches, so this is the least that it can be.
//   barrier  an empty section with barriers less one without, from layer 3: derived. A
//            section alone is (ten sections a key - one) / 9. The call has one section.
//   gRPC     HTTP/2, gRPC and the rest of what a call takes whatever is in it: the user
//            time of the call with fewest keys, less its lookup and barrier: derived.
//   keys     what more keys add in user space beside lookup and barrier: decoding,
//            encoding, copying, and HTTP/2's part in the longer messages: what is left.
//
// From outside of the process HTTP/2 and decoding cannot be told apart any better. Where
// layer 4 had one size of calls, or no small one, gRPC and keys are told together.
#ifndef RCUKV_LOADTEST_COMPARE_BUDGET_H_
#define RCUKV_LOADTEST_COMPARE_BUDGET_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "loadtest/compare/comparison.h"

namespace rcukv::loadtest {

// Nanoseconds of CPU time. A part that noise made negative is left so; all parts together
// are the total.
struct CallBudget {
  int64_t keys = 0;
  double total_ns = 0;
  double kernel_ns = 0;
  double lookup_ns = 0;
  double barrier_ns = 0;
  // With keys_ns in it where that is absent.
  double grpc_ns = 0;
  std::optional<double> keys_ns = std::nullopt;
};

// Of an empty read-side section, from layer 3. Nothing where that was not measured.
std::optional<double> SectionNs(const Comparison& comparison, size_t strategy);

// Of BatchGets with a section a call, of the base strategy, rising by keys. Empty where
// layer 3 or 4 was not measured, or BarrierFree has nothing to compare with.
std::vector<CallBudget> BudgetOf(const Comparison& comparison);

// A table and how to read it; empty where there is no budget.
std::string RenderBudget(const Comparison& comparison);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_BUDGET_H_
