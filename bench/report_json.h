// A benchmark's results as JSON: every sample of every round, and the machine.
#ifndef RCUKV_BENCH_REPORT_JSON_H_
#define RCUKV_BENCH_REPORT_JSON_H_

#include <map>
#include <string>
#include <vector>

#include "bench/measure.h"
#include "loadtest/base/machine.h"

namespace rcukv::bench {

// What was run, and where.
struct Context {
  // "rcu".
  std::string benchmark;
  // Names and values of its flags.
  std::map<std::string, std::string> options;
  loadtest::Machine machine;
  // The system's average over a minute, before and after: a quiet machine begins near 0.
  double load_before = 0;
  double load_after = 0;
  bool interrupted = false;
};

// Now. Negative: the system does not say.
double LoadAverage();

std::string ToJson(const Context& context, const std::vector<MeasureResult>& results);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_REPORT_JSON_H_
