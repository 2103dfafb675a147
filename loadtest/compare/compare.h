// The comparison: the same load on one server a strategy, in turns.
//
// All servers are up from beginning to end, with the same data, and one at a time is
// loaded: in each round every strategy has its turn, in an order drawn anew. So what
// changes in the machine over the minutes (clock rates, other work) meets all strategies
// alike and cancels out in the ratios of a round, every turn finds its server warm and
// its table as old as the others', and the servers that wait for their turn only use
// memory: their threads sleep. Starting a server for each turn would measure its start as
// well.
#ifndef RCUKV_LOADTEST_COMPARE_COMPARE_H_
#define RCUKV_LOADTEST_COMPARE_COMPARE_H_

#include "absl/status/statusor.h"
#include "loadtest/compare/compare_options.h"
#include "loadtest/compare/comparison.h"

namespace rcukv::loadtest {

// Runs it, with its progress on stderr. An error, of a server or of the set-up, names the
// strategy. The servers are gone when it returns. options.server_binary is not empty.
absl::StatusOr<Comparison> RunComparison(const CompareOptions& options);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_COMPARE_H_
