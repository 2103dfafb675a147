// The figures of a sample, one function each, for medians, ratios and files.
#ifndef RCUKV_LOADTEST_MEASURES_H_
#define RCUKV_LOADTEST_MEASURES_H_

#include "loadtest/sample.h"

namespace rcukv::loadtest {

using Measure = double (*)(const Sample&);

// How many reads of `ns` of CPU time fit into a second of it; 0: unknown.
inline double PerCpuSecond(double ns) { return ns == 0 ? 0 : 1e9 / ns; }

inline double GrpcReadsPerSecond(const Sample& s) { return s.grpc.reads_per_second; }
inline double GrpcLatencyP50(const Sample& s) { return s.grpc.latency_p50_ns; }
inline double GrpcLatencyP99(const Sample& s) { return s.grpc.latency_p99_ns; }
inline double GrpcServerCpu(const Sample& s) { return s.grpc.server_cpu_ns_per_read; }
inline double GrpcReadsPerCpuSecond(const Sample& s) {
  return PerCpuSecond(s.grpc.server_cpu_ns_per_read);
}
inline double GrpcWrites(const Sample& s) { return s.grpc.writes_per_second; }

inline double PerKeyReadsPerSecond(const Sample& s) {
  return s.lookups_per_key.reads_per_second;
}
inline double PerKeyNs(const Sample& s) { return s.lookups_per_key.ns_per_read; }
inline double PerKeyReadsPerCpuSecond(const Sample& s) {
  return PerCpuSecond(s.lookups_per_key.ns_per_read);
}
inline double PerKeyWrites(const Sample& s) {
  return s.lookups_per_key.writes_per_second;
}

inline double PerBatchReadsPerSecond(const Sample& s) {
  return s.lookups_per_batch.reads_per_second;
}
inline double PerBatchNs(const Sample& s) { return s.lookups_per_batch.ns_per_read; }
inline double PerBatchReadsPerCpuSecond(const Sample& s) {
  return PerCpuSecond(s.lookups_per_batch.ns_per_read);
}
inline double PerBatchWrites(const Sample& s) {
  return s.lookups_per_batch.writes_per_second;
}

inline double GracePeriodP50(const Sample& s) { return s.grace_periods.p50_ns; }
inline double GracePeriodMax(const Sample& s) { return s.grace_periods.max_ns; }

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_MEASURES_H_
