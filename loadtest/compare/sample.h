// What one measurement gives: of one case of a layer, with one strategy, in one round.
#ifndef RCUKV_LOADTEST_COMPARE_SAMPLE_H_
#define RCUKV_LOADTEST_COMPARE_SAMPLE_H_

#include <cstdint>
#include <optional>
#include <string>

namespace rcukv::loadtest {

struct Sample {
  // A figure that is absent is none of the layer's, or of the strategy's: a lock has no
  // grace periods.

  std::optional<double> reads_per_second;
  // CPU time for one read: of the reading threads, or over gRPC of the server's process,
  // its writes and grace periods included.
  std::optional<double> cpu_ns_per_read;
  std::optional<double> writes_per_second;

  // Of whole calls, from when one is sent to when it is answered, in a closed loop. A
  // percentile of calls that are too few for it to leave one out is absent.
  std::optional<double> calls;
  std::optional<double> call_p50_ns;
  std::optional<double> call_p90_ns;
  std::optional<double> call_p99_ns;
  std::optional<double> call_p999_ns;
  std::optional<double> call_p9999_ns;
  std::optional<double> call_max_ns;

  // The share of their time, 0 to 1, in which the threads worked that send the calls and
  // check the answers.
  std::optional<double> client_busy;

  // Of the grace periods that ended meanwhile. The 99th percentile is the upper bound of
  // a bucket whose lower bound is half of it.
  std::optional<double> grace_periods;
  std::optional<double> grace_period_mean_ns;
  std::optional<double> grace_period_p99_ns;
  // Membarriers that interrupt other CPUs: expedited and global-expedited.
  std::optional<double> expedited_per_second;

  // Of the server's process; see CpuOfProcess for how exact.
  std::optional<double> server_user_seconds;
  std::optional<double> server_system_seconds;

  // All reads, of which each answer was checked; those whose answer was wrong; and what
  // the first one was.
  uint64_t reads = 0;
  uint64_t wrong = 0;
  std::string first_wrong;
};

using Figure = std::optional<double> Sample::*;

struct FigureInfo {
  Figure figure;
  // In files.
  const char* name;
  // As of a latency; not as of a rate.
  bool less_is_better = false;
};

inline constexpr FigureInfo kFigures[] = {
    {&Sample::reads_per_second, "reads_per_second"},
    {&Sample::cpu_ns_per_read, "cpu_ns_per_read", true},
    {&Sample::writes_per_second, "writes_per_second"},
    {&Sample::calls, "calls"},
    {&Sample::call_p50_ns, "closed_loop_latency_p50_ns", true},
    {&Sample::call_p90_ns, "closed_loop_latency_p90_ns", true},
    {&Sample::call_p99_ns, "closed_loop_latency_p99_ns", true},
    {&Sample::call_p999_ns, "closed_loop_latency_p999_ns", true},
    {&Sample::call_p9999_ns, "closed_loop_latency_p9999_ns", true},
    {&Sample::call_max_ns, "closed_loop_latency_max_ns", true},
    {&Sample::client_busy, "client_busy", true},
    {&Sample::grace_periods, "grace_periods"},
    {&Sample::grace_period_mean_ns, "grace_period_mean_ns", true},
    {&Sample::grace_period_p99_ns, "grace_period_p99_bound_ns", true},
    {&Sample::expedited_per_second, "expedited_per_second", true},
    {&Sample::server_user_seconds, "server_user_seconds", true},
    {&Sample::server_system_seconds, "server_system_seconds", true},
};

constexpr bool LessIsBetter(Figure figure) {
  for (const FigureInfo& info : kFigures) {
    if (info.figure == figure) return info.less_is_better;
  }
  return false;
}

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_SAMPLE_H_
