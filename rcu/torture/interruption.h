// Signals that interrupt the readers of a storm, and whose handlers read as well.
#ifndef RCUKV_RCU_TORTURE_INTERRUPTION_H_
#define RCUKV_RCU_TORTURE_INTERRUPTION_H_

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <mutex>
#include <vector>

#include "rcu/fence.h"
#include "rcu/torture/reader.h"

namespace rcu::torture {

// One at a time: it owns SIGUSR1.
//
// Thread safety: every method may be called by any thread.
template <class D>
class Interruption {
 public:
  Interruption() {
    struct sigaction ours = {};
    ours.sa_handler = &Handle;
    ours.sa_flags = SA_RESTART;
    sigaction(SIGUSR1, &ours, &before_);
  }
  ~Interruption() { sigaction(SIGUSR1, &before_, nullptr); }
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  // Until End(), handlers in the calling thread read with `reader`. The thread has had
  // its first section already.
  void Begin(Reader<D>& reader) {
    reader_ = &reader;
    CompilerBarrier();  // Before the first signal.
    std::lock_guard<std::mutex> lock(mutex_);
    threads_.push_back(pthread_self());
  }
  void End() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      threads_.erase(std::find(threads_.begin(), threads_.end(), pthread_self()));
    }
    reader_ = nullptr;
    CompilerBarrier();  // A signal that is still on its way finds nothing to do.
  }

  void InterruptAll() {
    std::lock_guard<std::mutex> lock(mutex_);
    for (pthread_t thread : threads_) pthread_kill(thread, SIGUSR1);
  }

 private:
  static void Handle(int /*signal*/) {
    if (Reader<D>* reader = reader_) reader->HandlerSection();
  }

  static inline thread_local Reader<D>* reader_ = nullptr;

  struct sigaction before_ = {};
  std::mutex mutex_;
  std::vector<pthread_t> threads_;  // guarded by mutex_
};

}  // namespace rcu::torture

#endif  // RCUKV_RCU_TORTURE_INTERRUPTION_H_
