// What one strategy's turn in one round gives.
#ifndef RCUKV_LOADTEST_SAMPLE_H_
#define RCUKV_LOADTEST_SAMPLE_H_

#include <cstdint>
#include <string>

namespace rcukv::loadtest {

// A closed loop of BatchGets over gRPC.
struct GrpcSample {
  double reads_per_second = 0;
  // Of whole calls.
  double latency_p50_ns = 0;
  double latency_p99_ns = 0;
  // CPU time of the server process, its writes and grace periods included, for each read.
  double server_cpu_ns_per_read = 0;
  double writes_per_second = 0;
};

// RunLookups: reads inside the server.
struct LookupSample {
  double reads_per_second = 0;
  // CPU time of a reading thread for one read.
  double ns_per_read = 0;
  double writes_per_second = 0;
};

// Under the load over gRPC, as the server reports them: of its newest 128.
struct GracePeriodSample {
  uint64_t completed = 0;
  double p50_ns = 0;
  double max_ns = 0;
};

struct Sample {
  GrpcSample grpc;
  LookupSample lookups_per_key;
  LookupSample lookups_per_batch;
  GracePeriodSample grace_periods;
  // All reads of the turn; those whose answer was wrong; and what the first one was.
  uint64_t reads = 0;
  uint64_t wrong = 0;
  std::string first_wrong;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_SAMPLE_H_
