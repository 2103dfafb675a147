// What a benchmark compares, and what it found.
#ifndef RCUKV_BENCH_MEASURE_H_
#define RCUKV_BENCH_MEASURE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "bench/figures.h"

namespace rcukv::bench {

// One side of a comparison.
struct Arm {
  // As in "vs liburcu-memb".
  std::string label;
  // The sampler: a path and its arguments. It writes Figures.
  std::vector<std::string> command;
};

// A figure of a measure's samples whose ratio is reported. Higher is better.
struct Compared {
  // "rcu.read.memb.1r1w".
  std::string name;
  // In Figures.
  std::string figure;
  // What the ratio is to be at least; absent: nothing is asked of it.
  std::optional<double> target;
};

// Ours first, then the peer; or ours alone, and then nothing is compared.
struct Measure {
  std::string name;
  std::vector<Arm> arms;
  std::vector<Compared> compared;
};

// Of one arm, a sample a round.
using Samples = std::vector<Figures>;

struct MeasureResult {
  Measure measure;
  // By number of arm. As many as `status` let be taken.
  std::vector<Samples> samples;
  // UNAVAILABLE: the machine cannot do it. Anything else but OK: it went wrong.
  absl::Status status;
};

// Of the samples that have it.
std::vector<double> ValuesOf(const Samples& samples, const std::string& figure);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_MEASURE_H_
