#include "loadtest/workload/cancel_on_interrupt.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

#include "loadtest/base/interrupt.h"

namespace rcukv::loadtest {
namespace {

constexpr int kForEver = -1;

// Whether `fd` was readable within so long.
bool ReadableWithin(int milliseconds, int fd) {
  pollfd waited = {.fd = fd, .events = POLLIN, .revents = 0};
  return poll(&waited, 1, milliseconds) > 0;
}

}  // namespace

CancelOnInterrupt::CancelOnInterrupt(absl::Duration patience,
                                     std::function<void()> cancel)
    : patience_(patience),
      cancel_(std::move(cancel)),
      stop_fd_(eventfd(0, EFD_CLOEXEC)),
      thread_([this] { Run(); }) {}

CancelOnInterrupt::~CancelOnInterrupt() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(stop_fd_, &one, sizeof(one));
  thread_.join();
  close(stop_fd_);
}

void CancelOnInterrupt::Run() {
  while (!Interrupted()) {
    pollfd waited[] = {{.fd = stop_fd_, .events = POLLIN, .revents = 0},
                       {.fd = InterruptFd(), .events = POLLIN, .revents = 0}};
    // The signal may interrupt it; then the request is there when it is looked at.
    if (poll(waited, 2, kForEver) > 0 && waited[0].revents != 0) return;
  }
  const auto patience = static_cast<int>(absl::ToInt64Milliseconds(patience_));
  if (!ReadableWithin(patience, stop_fd_)) cancel_();
}

}  // namespace rcukv::loadtest
