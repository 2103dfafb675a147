// The figures of a sample, one function each, for medians, ratios and files.
#ifndef RCUKV_LOADTEST_COMPARE_MEASURES_H_
#define RCUKV_LOADTEST_COMPARE_MEASURES_H_

#include <cstddef>

#include "loadtest/compare/sample.h"

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

// Of the reads inside the server, with so many sections.
template <Sections kWay>
const LookupSample& Lookups(const Sample& s) {
  return s.lookups[static_cast<size_t>(kWay)];
}
template <Sections kWay>
double LookupsPerSecond(const Sample& s) {
  return Lookups<kWay>(s).reads_per_second;
}
template <Sections kWay>
double LookupNs(const Sample& s) {
  return Lookups<kWay>(s).ns_per_read;
}
template <Sections kWay>
double LookupsPerCpuSecond(const Sample& s) {
  return PerCpuSecond(Lookups<kWay>(s).ns_per_read);
}
template <Sections kWay>
double LookupWrites(const Sample& s) {
  return Lookups<kWay>(s).writes_per_second;
}

inline double GracePeriodP50(const Sample& s) { return s.grace_periods.p50_ns; }
inline double ExpeditedPerSecond(const Sample& s) {
  return s.grace_periods.expedited_per_second;
}
inline double GracePeriodMax(const Sample& s) { return s.grace_periods.max_ns; }

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_MEASURES_H_
