// Threads for what blocks: as many as there was to be done at once.
//
//   Workers workers;
//   workers.Do([] { ... });
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_WORKLOAD_WORKERS_H_
#define RCUKV_LOADTEST_WORKLOAD_WORKERS_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/functional/any_invocable.h"

namespace rcukv::loadtest {

class Workers {
 public:
  using Job = absl::AnyInvocable<void()>;

  Workers() = default;
  // Waits until all is done.
  ~Workers();

  // Has `job` done by a thread that has nothing to do, or by a new one. Where the system
  // starts no more it waits for one of those there are; false, and it is not done, where
  // there is none.
  bool Do(Job job);

  // That were started.
  size_t threads() const { return threads_.size(); }

 private:
  // Returns whether there is a thread, of however many.
  bool AddThread();
  void Run();

  std::mutex mutex_;
  std::condition_variable wake_;
  // Guarded by mutex_.
  std::deque<Job> jobs_;
  // Threads that wait for one.
  size_t idle_ = 0;
  bool stopping_ = false;
  // Belongs to the caller.
  std::vector<std::thread> threads_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_WORKERS_H_
