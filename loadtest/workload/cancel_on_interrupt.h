// Ctrl-C while a server does not answer: the calls under way are cancelled, so that the
// program comes to print what it has measured, whatever their timeout.
#ifndef RCUKV_LOADTEST_WORKLOAD_CANCEL_ON_INTERRUPT_H_
#define RCUKV_LOADTEST_WORKLOAD_CANCEL_ON_INTERRUPT_H_

#include <functional>
#include <thread>

#include "absl/time/time.h"

namespace rcukv::loadtest {

// While it is there. Thread safety: one thread.
class CancelOnInterrupt {
 public:
  // Calls `cancel` on a thread of its own, once, when the program was interrupted
  // (loadtest/base/interrupt.h) and this is still there `patience` later: calls that a
  // server answers as ever may be answered.
  CancelOnInterrupt(absl::Duration patience, std::function<void()> cancel);
  ~CancelOnInterrupt();

  CancelOnInterrupt(const CancelOnInterrupt&) = delete;
  CancelOnInterrupt& operator=(const CancelOnInterrupt&) = delete;

 private:
  void Run();

  const absl::Duration patience_;
  const std::function<void()> cancel_;
  // Readable when this is to go.
  const int stop_fd_;
  std::thread thread_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_CANCEL_ON_INTERRUPT_H_
