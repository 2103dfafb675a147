// Runs the load test as a program, with a server that may be one that misbehaves.
//
// For tests, in whose runfiles both programs are.
#ifndef RCUKV_LOADTEST_PROCESS_LOADTEST_RUNNER_H_
#define RCUKV_LOADTEST_PROCESS_LOADTEST_RUNNER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "loadtest/process/child_process.h"

namespace rcukv::loadtest {

// The server's path.
inline constexpr char kServer[] = "server/rcukv_server";

// Longer than anything takes.
inline constexpr absl::Duration kLong = absl::Minutes(1);

struct Outcome {
  // As ChildProcess::State().
  std::string state;
  // Standard output and standard error.
  std::string output;
};

std::unique_ptr<ChildProcess> StartLoadTest(std::vector<std::string> arguments);

// Waits until it has ended.
Outcome WaitFor(ChildProcess& child);

Outcome RunLoadTest(std::vector<std::string> arguments);

// A script in the place of the server, as a flag; `$server "$@"` is the real one.
std::string ServerScript(const std::string& name, const std::string& script);

// Of a file.
std::string Content(const std::string& path);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_PROCESS_LOADTEST_RUNNER_H_
