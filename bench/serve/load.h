// A load on a server, from its start to its end.
#ifndef RCUKV_BENCH_SERVE_LOAD_H_
#define RCUKV_BENCH_SERVE_LOAD_H_

#include <chrono>
#include <string>

#include "bench/counter.h"
#include "loadtest/base/latency_histogram.h"

namespace rcukv::bench {

// A wrong answer, or none: ends the process, as there is nothing left to measure.
[[noreturn]] void EndSample(const std::string& reason);
[[noreturn]] void EndWithWrongValue(uint32_t index);

// Runs from its construction on. Every answer is compared with what its key implies.
//
// Thread safety: one thread.
class Load {
 public:
  virtual ~Load() = default;

  // Keys that were answered, by caller or by thread.
  virtual const Counters& answered() const = 0;

  // Starts no more calls, waits for those under way, and ends its threads. An open loop
  // goes on until all is answered that was due. Call it once.
  virtual void Stop() = 0;
};

// When calls of an open loop are due, and which of their latencies count.
struct Window {
  using Clock = std::chrono::steady_clock;

  // The first call is due then; none is due from `end` on.
  Clock::time_point start;
  // Latencies are recorded of calls that are due between this and the end.
  Clock::time_point begin;
  Clock::time_point end;
};

// A load whose calls begin when they are due, not when there is time for them.
class PacedLoad : public Load {
 public:
  // In nanoseconds, from when a call was due until it was answered. After Stop().
  virtual const loadtest::LatencyHistogram& latency_ns() const = 0;
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_LOAD_H_
