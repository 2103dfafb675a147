// Runs a program to its end, and tells what it wrote and how much memory it took.
#ifndef RCUKV_BENCH_COMMAND_H_
#define RCUKV_BENCH_COMMAND_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace rcukv::bench {

// The exit status of a program that cannot do on this machine what is asked of it. Its
// output says why.
inline constexpr int kExitUnsupported = 3;

struct Finished {
  // What it wrote to its standard output. Its standard error is this process's.
  std::string output;
  // The most memory that it had resident at once.
  int64_t peak_rss_bytes = 0;
  // CPU time of all of its threads, in user mode and in the kernel.
  double user_seconds = 0;
  double system_seconds = 0;
};

// `command` is a path and its arguments. NOT_FOUND: there is no such program;
// UNAVAILABLE: it ended with kExitUnsupported, and the message is its output; INTERNAL:
// it ended in another way than with exit status 0, which the message tells.
//
// Thread safety: any thread, at any time.
absl::StatusOr<Finished> RunToEnd(const std::vector<std::string>& command);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_COMMAND_H_
