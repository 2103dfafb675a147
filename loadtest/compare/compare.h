// The comparison: the same work with each strategy, at five layers, in turns.
//
// All servers are up from beginning to end, with the same data, and one at a time is
// loaded. A block is one kind of work: every strategy does it once, in an order drawn
// anew; a round has a block of each kind, in random order as well. So what changes in the
// machine over the minutes (clock rates, other work) meets all strategies of a block
// alike and cancels out in its ratios, every turn finds its server warm and its table as
// old as the others', and the servers that wait for their turn only use memory: their
// threads sleep. Starting a server for each turn would measure its start as well.
#ifndef RCUKV_LOADTEST_COMPARE_COMPARE_H_
#define RCUKV_LOADTEST_COMPARE_COMPARE_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "loadtest/compare/compare_options.h"
#include "loadtest/compare/comparison.h"
#include "loadtest/compare/layer.h"

namespace rcukv::loadtest {

// Runs the layers that the options name, with the progress on stderr. An error of the
// set-up names the strategy; one that comes later is Comparison::failure. The servers are
// gone when it returns. options.server_binary is not empty.
absl::StatusOr<Comparison> RunComparison(const CompareOptions& options);

// The same with other layers.
absl::StatusOr<Comparison> CompareLayers(
    const CompareOptions& options, const std::vector<std::unique_ptr<Layer>>& layers);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_COMPARE_H_
