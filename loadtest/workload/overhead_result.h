// What a run's client costs by itself, to be set beside what was measured of a server.
#ifndef RCUKV_LOADTEST_WORKLOAD_OVERHEAD_RESULT_H_
#define RCUKV_LOADTEST_WORKLOAD_OVERHEAD_RESULT_H_

#include <optional>

#include "absl/status/status.h"
#include "loadtest/workload/measured_phase.h"

namespace rcukv::loadtest {

// Three times the loop of the run, with less and less of what is not this program's:
struct Overhead {
  // Over gRPC to a server that looks nothing up (null_server.h), with the callers,
  // connections and rate of the run. Its latencies have the network of this machine and
  // that server's gRPC in them; its processor time is of this program alone. Absent: it
  // could not be measured, which `failure` explains.
  std::optional<MeasuredPhase> null_server;
  // Of an open loop: at the same rate, against a target in this program that answers at
  // once. By how much calls are late by the generator alone. Absent: a closed loop.
  std::optional<MeasuredPhase> null_target;
  // Nanoseconds of a processor for an operation on that target, in a thread that does
  // nothing else: to choose it, make its key and value, check the answer, and record how
  // long it took.
  double generator_nanoseconds = 0;
  absl::Status failure;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_OVERHEAD_RESULT_H_
