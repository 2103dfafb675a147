#include "loadtest/workload/workers.h"

#include <atomic>
#include <barrier>
#include <cstddef>
#include <future>
#include <memory>

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

TEST(Workers, AreAsManyAsThereIsToBeDoneAtOnce) {
  constexpr int kJobs = 5;
  // Nobody passes before all are there.
  std::barrier all_there(kJobs);
  Workers workers;
  for (int i = 0; i < kJobs; ++i) {
    EXPECT_TRUE(workers.Do([&] { all_there.arrive_and_wait(); }));
  }
}

TEST(Workers, OneThatHasNothingToDoDoesTheNext) {
  Workers workers;
  size_t before;
  // One that has just done a job may not wait yet when the next one comes; but some time
  // it does.
  do {
    before = workers.threads();
    auto done = std::make_shared<std::promise<void>>();
    EXPECT_TRUE(workers.Do([done] { done->set_value(); }));
    done->get_future().wait();
  } while (workers.threads() != before);
}

TEST(Workers, EndWhenAllIsDone) {
  std::atomic<int> done{0};
  {
    Workers workers;
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(workers.Do([&] { ++done; }));
  }
  EXPECT_EQ(done, 100);
}

}  // namespace
}  // namespace rcukv::loadtest
