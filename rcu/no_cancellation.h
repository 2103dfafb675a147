// Waits that a thread must not be cancelled out of.
#ifndef RCUKV_RCU_NO_CANCELLATION_H_
#define RCUKV_RCU_NO_CANCELLATION_H_

#include <pthread.h>

namespace rcu {

// While it lives the calling thread is not cancelled. For a thread that others wait for,
// which waits no less when it is cancelled; and in functions that are noexcept, through
// which a cancellation cannot unwind: it would end the program.
class NoCancellation {
 public:
  NoCancellation() { pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before_); }
  ~NoCancellation() { pthread_setcancelstate(before_, nullptr); }
  NoCancellation(const NoCancellation&) = delete;
  NoCancellation& operator=(const NoCancellation&) = delete;

 private:
  int before_ = PTHREAD_CANCEL_ENABLE;
};

}  // namespace rcu

#endif  // RCUKV_RCU_NO_CANCELLATION_H_
