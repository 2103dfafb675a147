#include "clients/cli/input/file.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace rcukv::cli {
namespace {

// Readable for ever from the first interrupt on, so that one which comes just before a
// read is not missed. -1, which poll() ignores: interrupts are not asked for.
int interrupt_descriptor = -1;

void OnInterrupt(int) {
  const int saved_errno = errno;
  const uint64_t one = 1;
  if (write(interrupt_descriptor, &one, sizeof(one)) < 0) std::_Exit(130);
  errno = saved_errno;
}

absl::Status SystemError(const std::string& name) {
  return absl::FailedPreconditionError(
      absl::StrCat("cannot read ", name, ": ", std::strerror(errno)));
}

// Whether there can ever be something to read. Not so of a standard input that was closed
// when the program started: then the descriptor is open for writing alone (see
// standard_streams.h), or it is one that a library made for itself before main, which has
// no type of file. Neither would ever become readable.
bool CanBeInput(int descriptor) {
  struct stat status;
  return (fcntl(descriptor, F_GETFL) & O_ACCMODE) != O_WRONLY &&
         fstat(descriptor, &status) == 0 && (status.st_mode & S_IFMT) != 0;
}

// Waits until there is something to read, or CANCELLED.
absl::Status AwaitInput(int descriptor, const std::string& name) {
  if (!CanBeInput(descriptor)) {
    errno = EBADF;
    return SystemError(name);
  }
  pollfd polled[] = {{.fd = descriptor, .events = POLLIN, .revents = 0},
                     {.fd = interrupt_descriptor, .events = POLLIN, .revents = 0}};
  while (poll(polled, 2, -1) < 0) {
    if (errno != EINTR) return SystemError(name);
  }
  return polled[1].revents == 0 ? absl::OkStatus() : absl::CancelledError("interrupted");
}

absl::StatusOr<size_t> Read(int descriptor, const std::string& name, char* buffer,
                            size_t size) {
  while (true) {
    const absl::Status ready = AwaitInput(descriptor, name);
    if (!ready.ok()) return ready;
    const ssize_t bytes = read(descriptor, buffer, size);
    if (bytes >= 0) return static_cast<size_t>(bytes);
    if (errno != EINTR && errno != EAGAIN) return SystemError(name);
  }
}

}  // namespace

void EndReadsOnInterrupt() {
  interrupt_descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (interrupt_descriptor < 0) return;  // Then the first Ctrl-C ends the process.
  struct sigaction action = {};
  action.sa_handler = OnInterrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool WasInterrupted() {
  pollfd polled = {.fd = interrupt_descriptor, .events = POLLIN, .revents = 0};
  return poll(&polled, 1, 0) == 1;
}

absl::StatusOr<InputFile> InputFile::Open(const std::string& path) {
  if (path == "-") {
    return InputFile("standard input", std::make_shared<const int>(STDIN_FILENO));
  }
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return SystemError(path);
  return InputFile(path,
                   std::shared_ptr<const int>(new int(descriptor), [](const int* owned) {
                     close(*owned);
                     delete owned;
                   }));
}

InputFile::InputFile(std::string name, std::shared_ptr<const int> descriptor)
    : name_(std::move(name)), descriptor_(std::move(descriptor)) {}

std::optional<uint64_t> InputFile::size_bytes() const {
  struct stat status;
  if (fstat(*descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return status.st_size;
}

ByteSource InputFile::source() const {
  return [name = name_, descriptor = descriptor_](char* buffer, size_t size) {
    return Read(*descriptor, name, buffer, size);
  };
}

absl::StatusOr<std::string> InputFile::ReadAll(size_t max_bytes) const {
  std::string all;
  char buffer[64 << 10];
  while (true) {
    const absl::StatusOr<size_t> bytes =
        Read(*descriptor_, name_, buffer, sizeof(buffer));
    if (!bytes.ok()) return bytes.status();
    if (*bytes == 0) return all;
    all.append(buffer, *bytes);
    if (all.size() > max_bytes) {
      return absl::InvalidArgumentError(
          absl::StrCat(name_, " has more than ", max_bytes, " bytes"));
    }
  }
}

}  // namespace rcukv::cli
