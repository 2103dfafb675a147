// The latencies of a run, by kind of operation, as they are shown.
#ifndef RCUKV_LOADTEST_WORKLOAD_RUN_LATENCIES_H_
#define RCUKV_LOADTEST_WORKLOAD_RUN_LATENCIES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "loadtest/base/latency_histogram.h"
#include "loadtest/base/table.h"
#include "loadtest/workload/run_result.h"

namespace rcukv::loadtest {

// From when a latency is counted. In a closed loop both are the same.
enum class LatencyFrom { kDue, kSent };

// "latency from when the call was due"; in a closed loop: "latency".
std::string Describe(const RunResult& result, LatencyFrom from);

struct NamedLatencies {
  // "get", ..., "all".
  std::string name;
  // How many operations were answered: "all" has the unanswered in its latencies as well.
  uint64_t answered = 0;
  LatencyHistogram latencies;
};

// One a kind of operation that there was; and one for all, where there were several or
// where some were not answered.
std::vector<NamedLatencies> LatenciesOf(const RunResult& result, LatencyFrom from);

// A row each: rate and percentiles.
Table LatencyTable(const RunResult& result, LatencyFrom from);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_RUN_LATENCIES_H_
