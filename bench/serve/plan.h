// The measures of `bench serve`: what is compared with what, and what is asked of it.
//
// A server can be asked in several ways: callers that are threads or events, memcached's
// two protocols, its numbers of threads. Each way is an arm, called
// "memcached-t2/meta/loops1" and the like, and a comparison is of the best way of each
// side.
#ifndef RCUKV_BENCH_SERVE_PLAN_H_
#define RCUKV_BENCH_SERVE_PLAN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "bench/measure.h"
#include "bench/serve/options.h"
#include "bench/serve/server_set.h"

namespace rcukv::bench {

inline constexpr int64_t kCallers = 50;
// Of batches: a couple under way.
inline constexpr int64_t kBatchCallers = 4;

inline constexpr char kPacedMeasure[] = "serve.p99";

// `rate` is what open loops get, in calls a second. In the order in which they are taken.
std::vector<Measure> PlanServe(const ServeOptions& options,
                               const std::vector<RunningServer>& servers, double rate);

// What fills the server.
Arm FillArm(const ServeOptions& options, const RunningServer& server);

// Every way in which memcached's peak may be found.
std::vector<Arm> PeakArms(const ServeOptions& options,
                          const std::vector<RunningServer>& servers);

// Servers that do not run, for a list of what would be measured.
std::vector<RunningServer> NoServers();

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_PLAN_H_
