// What the main program of a sampler does around its sample.
//
// Thread safety: one thread.
#ifndef RCUKV_BENCH_SAMPLER_PROCESS_H_
#define RCUKV_BENCH_SAMPLER_PROCESS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/figures.h"
#include "loadtest/base/flag_set.h"

namespace rcukv::bench {

// The first argument of main, which is one of `works`; the others are flags, which it
// sets. Else an InvalidArgumentError.
absl::StatusOr<std::string> ParseSamplerArguments(int argc, char** argv,
                                                  const std::vector<std::string>& works,
                                                  loadtest::FlagSet flags);

// From here on this process ends when the one that started it does, or when it takes
// minutes longer than the `seconds` that it should.
void EndWithParent(double seconds);

// Each of these writes what there is to say, and returns what main is to return.

// The arguments are wrong, or the sample is.
int SamplerFailed(const absl::Status& status);
// This machine cannot do it.
int SamplerUnsupported(const std::string& reason);
int SamplerDone(const Figures& figures);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SAMPLER_PROCESS_H_
