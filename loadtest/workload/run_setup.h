// Before a run: connects to its server, and sees that the table is as the options say.
#ifndef RCUKV_LOADTEST_WORKLOAD_RUN_SETUP_H_
#define RCUKV_LOADTEST_WORKLOAD_RUN_SETUP_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "loadtest/workload/caller.h"
#include "loadtest/workload/records.h"
#include "loadtest/workload/revision_ledger.h"
#include "loadtest/workload/run_options.h"
#include "loadtest/workload/server_target.h"
#include "loadtest/workload/tally.h"

namespace rcukv::loadtest {

// One a connection; at least one.
using Targets = std::vector<std::unique_ptr<ServerTarget>>;

// Of Client::Connect, with the flag to change.
absl::StatusOr<Targets> Connect(const RunOptions& options);

// Whether the table is there; and, where it is not filled by this run, whether it was by
// an earlier one with the same data. Names the flag to change.
absl::Status CheckTable(ServerTarget& target, const RunOptions& options,
                        const Records& records);

// One a target. All that is given outlives them.
std::vector<Caller> CallersOf(const Targets& targets, const Records& records,
                              RevisionLedger& ledger, Tally& tally);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_RUN_SETUP_H_
