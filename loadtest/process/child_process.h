// A program that this one starts, listens to and stops.
//
//   auto child = ChildProcess::Start({"/bin/server", "--port=0"});
//   auto line = (*child)->WaitForLine("listening", absl::Seconds(10));
//   (*child)->Stop();
//
// Its standard output and standard error go to one file in memory, so that it never
// waits for a reader, and what it said last can be told when it is gone. It gets a
// process group of its own, as Ctrl-C at a terminal is for this program alone to handle,
// and the kernel ends it should this program be killed.
//
// Thread safety: one thread. Start() is called by a thread that outlives the child, as
// the kernel ends the child with it.
#ifndef RCUKV_LOADTEST_PROCESS_CHILD_PROCESS_H_
#define RCUKV_LOADTEST_PROCESS_CHILD_PROCESS_H_

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace rcukv::loadtest {

class ChildProcess {
 public:
  // `command` is a path and its arguments. NOT_FOUND when there is no such program.
  static absl::StatusOr<std::unique_ptr<ChildProcess>> Start(
      const std::vector<std::string>& command);

  // Stops it.
  ~ChildProcess();

  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }

  // The first line of its output that contains `text`. UNAVAILABLE when it ends without
  // one, DEADLINE_EXCEEDED when there is none within the timeout.
  absl::StatusOr<std::string> WaitForLine(std::string_view text, absl::Duration timeout);

  // Whether it has ended, by itself or by Stop().
  bool HasEnded();

  // Whether it has ended with exit status 0.
  bool Succeeded();

  // "still runs", "exited with status 1", "was killed by signal 9 (Killed)".
  std::string State();

  // The last `count` lines of its output.
  std::vector<std::string> LastLines(size_t count) const;

  // Asks it to end (SIGTERM), and makes it (SIGKILL) when it has not within `patience`.
  // Returns whether asking was enough; true when it had ended before.
  bool Stop(absl::Duration patience = absl::Seconds(5));

 private:
  ChildProcess(pid_t pid, int pid_fd, int output_fd);

  // Whether it has ended; takes its status from the kernel if so.
  bool Reap();
  // Waits until it ends; returns whether it has.
  bool WaitForEnd(absl::Duration timeout);
  std::string Output() const;

  const pid_t pid_;
  // Readable once the process has ended.
  const int pid_fd_;
  const int output_fd_;
  // As waitpid gives it, once it has ended.
  std::optional<int> wait_status_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_PROCESS_CHILD_PROCESS_H_
