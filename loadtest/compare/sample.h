// What one strategy's turn in one round gives.
#ifndef RCUKV_LOADTEST_COMPARE_SAMPLE_H_
#define RCUKV_LOADTEST_COMPARE_SAMPLE_H_

#include <array>
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

// Under the load over gRPC, as the server reports them.
struct GracePeriodSample {
  uint64_t completed = 0;
  // Of the newest 128.
  double p50_ns = 0;
  double max_ns = 0;
  // Membarriers that interrupt other CPUs: expedited and global-expedited.
  double expedited_per_second = 0;
};

// How many read-side sections the reads inside the server open: many short ones, where
// the barrier is most of the work; one for each read; one for many.
enum class Sections { kTenAKey, kOneAKey, kOneABatch };

struct SectionsInfo {
  // Of RunLookupsRequest; 0: one a batch.
  uint32_t per_key;
  // In scripts and files.
  const char* name;
};

// By number of Sections.
inline constexpr std::array<SectionsInfo, 3> kSections = {{
    {10, "ten_per_key"},
    {1, "per_key"},
    {0, "per_batch"},
}};

struct Sample {
  GrpcSample grpc;
  // By number of Sections.
  std::array<LookupSample, kSections.size()> lookups;
  GracePeriodSample grace_periods;
  // All reads of the turn; those whose answer was wrong; and what the first one was.
  uint64_t reads = 0;
  uint64_t wrong = 0;
  std::string first_wrong;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_SAMPLE_H_
