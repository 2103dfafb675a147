// What a sample gives: named numbers. A sampler, a process of its own, writes them to its
// standard output, a line each:
//
//   reads_per_second 712345678.5
//
// Thread safety: values; the functions may be called by any thread.
#ifndef RCUKV_BENCH_FIGURES_H_
#define RCUKV_BENCH_FIGURES_H_

#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace rcukv::bench {

using Figures = std::map<std::string, double>;

std::string FormatFigures(const Figures& figures);

// INVALID_ARGUMENT quotes the first line that is not a name and a finite number.
absl::StatusOr<Figures> ParseFigures(std::string_view text);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_FIGURES_H_
