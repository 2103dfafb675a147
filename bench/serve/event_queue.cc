#include "bench/serve/event_queue.h"

#include <errno.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "bench/serve/load.h"

namespace rcukv::bench {
namespace {

constexpr size_t kEventsAtOnce = 64;

}  // namespace

EventQueue::EventQueue() : fd_(epoll_create1(EPOLL_CLOEXEC)), events_(kEventsAtOnce) {
  if (fd_ < 0) EndSample(std::string("epoll_create1: ") + strerror(errno));
}

EventQueue::~EventQueue() { close(fd_); }

void EventQueue::Add(int fd, uint32_t number) {
  epoll_event event = {};
  event.events = EPOLLIN;
  event.data.u32 = number;
  if (epoll_ctl(fd_, EPOLL_CTL_ADD, fd, &event) != 0) {
    EndSample(std::string("epoll_ctl: ") + strerror(errno));
  }
}

const std::vector<uint32_t>& EventQueue::Wait(
    std::optional<std::chrono::nanoseconds> timeout) {
  timespec time = {};
  if (timeout.has_value()) {
    constexpr int64_t kNanoseconds = 1'000'000'000;
    const int64_t nanoseconds = std::max<int64_t>(timeout->count(), 0);
    time.tv_sec = nanoseconds / kNanoseconds;
    time.tv_nsec = nanoseconds % kNanoseconds;
  }
  const int count = epoll_pwait2(fd_, events_.data(), static_cast<int>(events_.size()),
                                 timeout.has_value() ? &time : nullptr, nullptr);
  if (count < 0 && errno != EINTR) {
    EndSample(std::string("epoll_pwait2: ") + strerror(errno));
  }
  ready_.clear();
  for (int i = 0; i < count; ++i) ready_.push_back(events_[i].data.u32);
  return ready_;
}

}  // namespace rcukv::bench
