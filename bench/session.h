// From a benchmark's plan to its report: what `bench NAME` does once it knows its
// measures.
#ifndef RCUKV_BENCH_SESSION_H_
#define RCUKV_BENCH_SESSION_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "bench/measure.h"
#include "bench/options.h"

namespace rcukv::bench {

struct Benchmark {
  // "rcu", as in `bench rcu`.
  std::string name;
  std::vector<Measure> plan;
  // Names and values of the options that a result depends on.
  std::map<std::string, std::string> options;
  // What is shown in tables, as ratios alone would not do. Empty where nothing of it was
  // measured.
  std::vector<std::function<std::string(const std::vector<MeasureResult>&)>> tables;
};

// Takes the samples of the plan, shows the progress on standard error, the tables and
// the ratios on standard output, and writes the JSON.
//
// Returns the exit status: 0, whatever the ratios are; 1 where a sampler failed; 2 for
// wrong arguments; 130 when interrupted, after reporting what is there.
int RunBenchmark(const Benchmark& benchmark, const CommonOptions& options);

// The exit status of a benchmark whose arguments are wrong, after saying why.
int FailUsage(const absl::Status& status);

// Shows `help`; the exit status of that.
int ShowHelp(const std::string& help);

// The folder `name` beside this program, which is where Bazel builds the samplers.
// `argv0` is the program's name, for where the system does not tell.
std::string SamplersBeside(const std::string& argv0, const std::string& name);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SESSION_H_
