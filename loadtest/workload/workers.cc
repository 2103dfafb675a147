#include "loadtest/workload/workers.h"

#include <system_error>
#include <utility>

namespace rcukv::loadtest {

Workers::~Workers() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  for (std::thread& thread : threads_) thread.join();
}

bool Workers::Do(Job job) {
  bool enough;
  {
    std::lock_guard lock(mutex_);
    enough = jobs_.size() < idle_;
  }
  // Those that are idle stay so: nobody else has jobs for them.
  if (!enough && !AddThread()) return false;
  std::lock_guard lock(mutex_);
  jobs_.push_back(std::move(job));
  wake_.notify_one();
  return true;
}

bool Workers::AddThread() {
  try {
    threads_.emplace_back([this] { Run(); });
  } catch (const std::system_error&) {
    return !threads_.empty();
  }
  return true;
}

void Workers::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    --idle_;
    if (jobs_.empty()) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    lock.lock();
  }
}

}  // namespace rcukv::loadtest
