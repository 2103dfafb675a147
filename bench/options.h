// What every benchmark is told.
#ifndef RCUKV_BENCH_OPTIONS_H_
#define RCUKV_BENCH_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "loadtest/base/flag_set.h"

namespace rcukv::bench {

struct CommonOptions {
  // Samples of each side of a comparison.
  int64_t rounds = 5;
  // A regular expression that is found in the names of the measures to take.
  std::string filter;
  // Where to write JSON; empty: nowhere.
  std::string json;
  // The folder of the samplers.
  std::string samplers;
  bool quick = false;
  bool list = false;
  bool help = false;
};

// `options` outlives the flags.
void AddCommonFlags(CommonOptions& options, loadtest::FlagSet& flags);

// Whether --quick is among the arguments. It changes defaults, so it comes before other
// flags, wherever it stands.
bool SaysQuick(const std::vector<std::string>& arguments);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_OPTIONS_H_
