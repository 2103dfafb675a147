#include "loadtest/process/child_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

namespace rcukv::loadtest {
namespace {

// How often a child that starts is asked what it has said.
constexpr absl::Duration kPollInterval = absl::Milliseconds(5);

constexpr absl::Duration kMillisecond = absl::Milliseconds(1);
constexpr absl::Duration kLongestPoll = absl::Minutes(1);

// In the child, between fork and exec: only async-signal-safe calls.
[[noreturn]] void Become(const char* const* argv, pid_t parent, int output_fd) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The parent may have died before it could be watched.
  if (getppid() != parent) _exit(127);
  const int input_fd = open("/dev/null", O_RDONLY);
  dup2(input_fd, STDIN_FILENO);
  dup2(output_fd, STDOUT_FILENO);
  dup2(output_fd, STDERR_FILENO);
  execv(argv[0], const_cast<char* const*>(argv));
  _exit(127);
}

// The header of glibc 2.36 that declares pidfd_open is not fit for C++.
int OpenPidFd(pid_t pid) { return static_cast<int>(syscall(SYS_pidfd_open, pid, 0)); }

std::string FirstLineWith(std::string_view output, std::string_view text) {
  const size_t found = output.find(text);
  // A line that is not complete may go on with more.
  const size_t end = found == output.npos ? output.npos : output.find('\n', found);
  if (end == output.npos) return "";
  const size_t before = output.rfind('\n', found);
  const size_t begin = before == output.npos ? 0 : before + 1;
  return std::string(output.substr(begin, end - begin));
}

}  // namespace

absl::StatusOr<std::unique_ptr<ChildProcess>> ChildProcess::Start(
    const std::vector<std::string>& command) {
  std::vector<const char*> argv;
  for (const std::string& argument : command) argv.push_back(argument.c_str());
  argv.push_back(nullptr);
  if (access(argv[0], X_OK) != 0) {
    return absl::NotFoundError(
        absl::StrFormat("cannot execute \"%s\": %s", command[0], strerror(errno)));
  }
  const int output_fd = memfd_create("output", MFD_CLOEXEC);
  if (output_fd < 0) {
    return absl::ErrnoToStatus(errno, "memfd_create for the output of a child");
  }
  // Parent and child write at the end, wherever the other reads.
  fcntl(output_fd, F_SETFL, O_APPEND);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) Become(argv.data(), parent, output_fd);
  if (pid < 0) {
    close(output_fd);
    return absl::ErrnoToStatus(errno, "fork");
  }
  return std::unique_ptr<ChildProcess>(new ChildProcess(pid, OpenPidFd(pid), output_fd));
}

ChildProcess::ChildProcess(pid_t pid, int pid_fd, int output_fd)
    : pid_(pid), pid_fd_(pid_fd), output_fd_(output_fd) {}

ChildProcess::~ChildProcess() {
  Stop();
  close(pid_fd_);
  close(output_fd_);
}

bool ChildProcess::Reap() {
  int status = 0;
  if (!wait_status_.has_value() && waitpid(pid_, &status, WNOHANG) == pid_) {
    wait_status_ = status;
  }
  return wait_status_.has_value();
}

bool ChildProcess::WaitForEnd(absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  while (!Reap()) {
    const absl::Duration left = deadline - absl::Now();
    if (left <= absl::ZeroDuration()) return false;
    pollfd ended = {.fd = pid_fd_, .events = POLLIN, .revents = 0};
    // Rounded up, lest the last millisecond be spent turning; a signal may cut it short.
    poll(&ended, 1, static_cast<int>(std::min(left, kLongestPoll) / kMillisecond) + 1);
  }
  return true;
}

bool ChildProcess::HasEnded() { return WaitForEnd(absl::ZeroDuration()); }

absl::StatusOr<std::string> ChildProcess::WaitForLine(std::string_view text,
                                                      absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  while (true) {
    const bool ended = WaitForEnd(kPollInterval);
    // Looked at after it ended, if it did, and so complete.
    std::string line = FirstLineWith(Output(), text);
    if (!line.empty()) return line;
    if (ended) {
      return absl::UnavailableError(
          absl::StrFormat("it %s before it said \"%s\"", State(), text));
    }
    if (absl::Now() >= deadline) {
      return absl::DeadlineExceededError(absl::StrFormat(
          "it has not said \"%s\" within %s", text, absl::FormatDuration(timeout)));
    }
  }
}

bool ChildProcess::Succeeded() { return HasEnded() && *wait_status_ == 0; }

std::string ChildProcess::State() {
  if (!HasEnded()) return "still runs";
  if (WIFEXITED(*wait_status_)) {
    return absl::StrFormat("exited with status %d", WEXITSTATUS(*wait_status_));
  }
  const int signal = WTERMSIG(*wait_status_);
  return absl::StrFormat("was killed by signal %d (%s)", signal, strsignal(signal));
}

std::string ChildProcess::Output() const {
  std::string output(
      static_cast<size_t>(std::max<off_t>(lseek(output_fd_, 0, SEEK_END), 0)), '\0');
  const ssize_t bytes = pread(output_fd_, output.data(), output.size(), 0);
  output.resize(static_cast<size_t>(std::max<ssize_t>(bytes, 0)));
  return output;
}

std::vector<std::string> ChildProcess::LastLines(size_t count) const {
  std::vector<std::string> lines = absl::StrSplit(Output(), '\n');
  if (lines.back().empty()) lines.pop_back();
  if (lines.size() > count) lines.erase(lines.begin(), lines.end() - count);
  return lines;
}

bool ChildProcess::Stop(absl::Duration patience) {
  if (HasEnded()) return true;
  kill(pid_, SIGTERM);
  if (WaitForEnd(patience)) return true;
  kill(pid_, SIGKILL);
  WaitForEnd(absl::InfiniteDuration());
  return false;
}

}  // namespace rcukv::loadtest
