// The budget of one call: where the server's CPU time of a BatchGet goes.
//
// What is measured, and what follows from what, in each round:
//
//   total    CPU time of the server's process for a call: measured, layer 4. With it goes
//            what the process does besides: the writes, and their grace periods.
//   kernel   the system time in it: the kernel's share of the process's CPU time, as it
//            samples it with its clock's ticks. A measurement has few of these, so the
//            share is that of all rounds together, with barriers and without.
//   lookup   what layer 3 takes for as many keys with a section a batch, less the
//            barrier: derived. Layer 3 looks few keys up, which stay in the CPU's
//            caches, one after the other; a BatchGet looks for many, in groups.
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
#include <string>
#include <vector>

#include "loadtest/base/statistics.h"
#include "loadtest/base/table.h"
#include "loadtest/compare/comparison.h"

namespace rcukv::loadtest {

struct BudgetPart {
  std::string name;
  // Nanoseconds of CPU time, over the rounds. A part of the noise may be below 0. A count
  // of 0: the call has no such part.
  Spread ns;

  // Whether the rounds do not show that it is there at all.
  bool IsNoise() const { return ns.count > 0 && (ns.median <= 0 || ns.Covers(0)); }
};

// In each round the parts add up to the total; their medians need not.
struct CallBudget {
  int64_t keys = 0;
  Spread total_ns;
  // The same for all calls of a comparison: kernel, gRPC and what keys add (or both
  // together), lookup, barrier.
  std::vector<BudgetPart> parts;

  const BudgetPart& barrier() const { return parts.back(); }
};

// CPU nanoseconds of an empty read-side section, from layer 3. A count of 0: that was not
// measured.
Spread SectionNs(const Comparison& comparison, size_t strategy);

// Of BatchGets with a section a call, of the base strategy, rising by keys. Empty where
// layer 3 or 4 was not measured, or BarrierFree has nothing to compare with.
std::vector<CallBudget> BudgetOf(const Comparison& comparison);

// "Budget of a call: BatchGet with mb, a section a call, CPU time of the server".
std::string BudgetTitle(const Comparison& comparison);

// A row for each part, a column for each call. At least one call.
Table BudgetTable(const std::vector<CallBudget>& budgets);

// How to read it, and what is derived from what. At least one call.
std::string BudgetWords(const std::vector<CallBudget>& budgets);

// All of it; empty where there is no budget.
std::string RenderBudget(const Comparison& comparison);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_BUDGET_H_
