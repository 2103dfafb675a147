// The measures of `bench write`: what is compared with what, and what is asked of it.
#ifndef RCUKV_BENCH_WRITE_PLAN_H_
#define RCUKV_BENCH_WRITE_PLAN_H_

#include <string>
#include <vector>

#include "bench/measure.h"
#include "bench/serve/server_set.h"
#include "bench/write/options.h"

namespace rcukv::bench {

inline constexpr char kReadsMeasure[] = "write.reads";
inline constexpr char kRecoveryMeasure[] = "write.recovery";

// `servers` has one of each label of stores.h; `recovered` is the data directory that is
// recovered. In the order in which they are taken.
std::vector<Measure> PlanWrite(const WriteOptions& options,
                               const std::vector<RunningServer>& servers,
                               const std::string& recovered);

// What fills the server.
Arm FillStoreArm(const WriteOptions& options, const RunningServer& server);

// What makes the data directory that is recovered.
Arm FillRecoveredArm(const WriteOptions& options, const std::string& recovered);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_WRITE_PLAN_H_
