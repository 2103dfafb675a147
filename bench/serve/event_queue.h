// Which of a thread's connections have something to read: epoll.
//
// Thread safety: one thread.
#ifndef RCUKV_BENCH_SERVE_EVENT_QUEUE_H_
#define RCUKV_BENCH_SERVE_EVENT_QUEUE_H_

#include <sys/epoll.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace rcukv::bench {

class EventQueue {
 public:
  EventQueue();
  ~EventQueue();

  EventQueue(const EventQueue&) = delete;
  EventQueue& operator=(const EventQueue&) = delete;

  // `number` is what Wait() returns when there is something to read.
  void Add(int fd, uint32_t number);

  // Waits until there is something to read, or until `timeout` has passed: for ever where
  // there is none, to the nanosecond where there is one. The result is good until the
  // next call.
  const std::vector<uint32_t>& Wait(std::optional<std::chrono::nanoseconds> timeout);

 private:
  const int fd_;
  std::vector<epoll_event> events_;
  std::vector<uint32_t> ready_;
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_EVENT_QUEUE_H_
