#include "bench/command.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"

namespace rcukv::bench {
namespace {

// Its standard output goes to `output_fd`. 0 or an errno.
int Spawn(const std::vector<std::string>& command, int output_fd, pid_t* pid) {
  std::vector<char*> argv;
  for (const std::string& argument : command) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output_fd, STDOUT_FILENO);
  const int error = posix_spawn(pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

std::string ReadToEnd(int fd) {
  std::string text;
  char buffer[4096];
  for (;;) {
    const ssize_t count = read(fd, buffer, sizeof(buffer));
    if (count > 0) {
      text.append(buffer, static_cast<size_t>(count));
    } else if (count == 0 || errno != EINTR) {
      return text;
    }
  }
}

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

absl::Status StatusOf(const std::string& program, int wait_status,
                      const std::string& output) {
  if (WIFSIGNALED(wait_status)) {
    const int signal = WTERMSIG(wait_status);
    return absl::InternalError(absl::StrFormat("%s was killed by signal %d (%s)", program,
                                               signal, strsignal(signal)));
  }
  const int code = WEXITSTATUS(wait_status);
  if (code == 0) return absl::OkStatus();
  if (code == kExitUnsupported) {
    return absl::UnavailableError(absl::StripAsciiWhitespace(output));
  }
  return absl::InternalError(absl::StrFormat("%s exited with status %d", program, code));
}

}  // namespace

absl::StatusOr<Finished> RunToEnd(const std::vector<std::string>& command) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return absl::ErrnoToStatus(errno, "no pipe to a program");
  }
  pid_t pid = 0;
  const int error = Spawn(command, ends[1], &pid);
  close(ends[1]);
  if (error != 0) {
    close(ends[0]);
    return absl::ErrnoToStatus(error, "cannot start " + command[0]);
  }
  Finished finished;
  finished.output = ReadToEnd(ends[0]);
  close(ends[0]);
  int wait_status = 0;
  rusage usage = {};
  while (wait4(pid, &wait_status, 0, &usage) < 0 && errno == EINTR) {
  }
  finished.peak_rss_bytes = int64_t{usage.ru_maxrss} * 1024;  // The kernel's are KiB.
  finished.user_seconds = Seconds(usage.ru_utime);
  finished.system_seconds = Seconds(usage.ru_stime);
  if (absl::Status status = StatusOf(command[0], wait_status, finished.output);
      !status.ok()) {
    return status;
  }
  return finished;
}

}  // namespace rcukv::bench
