// What a benchmark compares, and what it found.
#ifndef RCUKV_BENCH_MEASURE_H_
#define RCUKV_BENCH_MEASURE_H_

#include <cstdint>
#include <limits>
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

// A figure of a measure's samples whose ratio is reported.
struct Compared {
  // "rcu.read.memb.1r1w".
  std::string name;
  // In Figures.
  std::string figure;
  // What the ratio is to be at least; absent: nothing is asked of it.
  std::optional<double> target{};
  // What of the peers' it is compared with; empty: the figure of the same name.
  std::string peer_figure{};
  // Labels of the arms that it is compared with: the best of them. Empty: all but ours.
  std::vector<std::string> peers{};
  // Then the ratio is theirs over ours, and again higher is better.
  bool lower_is_better = false;
};

// Ours first, then the peers; or ours alone, and then nothing is compared.
struct Measure {
  std::string name;
  std::vector<Arm> arms;
  std::vector<Compared> compared;
  // At most as many, whatever is asked for: of what does not vary, or takes very long.
  int64_t max_rounds = std::numeric_limits<int64_t>::max();
};

// Those in whose names, or a comparison's, the regular expression is found.
std::vector<Measure> Matching(std::vector<Measure> measures, const std::string& filter);

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
