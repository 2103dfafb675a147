#include "rcu/holdout.h"

#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "rcu/domain.h"
#include "rcu/latency_histogram.h"

namespace rcu {
namespace {

using std::chrono::milliseconds;

std::atomic<int> reports{0};
void CountReport(const Holdout&) { reports.fetch_add(1, std::memory_order_release); }

// A reader of its own name that stays in a section until it is let go.
template <class D>
class Holder {
 public:
  explicit Holder(const char* name)
      : thread_([this, name] {
          pthread_setname_np(pthread_self(), name);
          tid_.store(static_cast<pid_t>(syscall(SYS_gettid)), std::memory_order_relaxed);
          D::Online();
          D::lock();
          inside_.store(true, std::memory_order_release);
          while (!let_go_.load(std::memory_order_acquire)) sched_yield();
          D::unlock();
          D::Offline();
        }) {
    while (!inside_.load(std::memory_order_acquire)) sched_yield();
  }
  ~Holder() { thread_.join(); }
  void LetGo() { let_go_.store(true, std::memory_order_release); }
  pid_t tid() const { return tid_.load(std::memory_order_relaxed); }

 private:
  std::atomic<pid_t> tid_{0};
  std::atomic<bool> inside_{false};
  std::atomic<bool> let_go_{false};
  std::thread thread_;
};

template <class F>
struct HoldoutTest : testing::Test {
  using Flavor = F;
};
using Flavors = testing::Types<Mb, Memb, Signal, Qsbr, Rseq>;
TYPED_TEST_SUITE(HoldoutTest, Flavors);

TYPED_TEST(HoldoutTest, TheReaderThatHoldsAGracePeriodUpIsNamedAndCounted) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  if (const absl::Status status = D::Prepare(); !status.ok()) {
    GTEST_SKIP() << status.message();
  }
  reports.store(0, std::memory_order_relaxed);
  D::SetHoldoutHandler(&CountReport);
  D::SetHoldoutLimit(milliseconds(20));
  EXPECT_FALSE(D::LastHoldout().has_value());
  {
    Holder<D> holder("slow-reader");
    std::thread writer([] { D::Synchronize(); });
    // Again when it has waited twice as long.
    while (reports.load(std::memory_order_acquire) < 2) sched_yield();
    const Holdout holdout = D::LastHoldout().value();
    holder.LetGo();
    writer.join();
    EXPECT_EQ(holdout.flavor, D::FlavorName());
    EXPECT_GE(holdout.waited, milliseconds(40));
    if (TypeParam::kSections != Sections::kCounted) {
      EXPECT_EQ(holdout.tid, holder.tid());
      EXPECT_EQ(holdout.thread_name, "slow-reader");
    } else {
      EXPECT_EQ(holdout.tid, 0);
    }
  }
  // Once a grace period, however often it was reported.
  EXPECT_EQ(D::Stats().holdouts, 1u);
}

TYPED_TEST(HoldoutTest, AGracePeriodWithinTheLimitIsNone) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  if (const absl::Status status = D::Prepare(); !status.ok()) {
    GTEST_SKIP() << status.message();
  }
  D::SetHoldoutLimit(std::chrono::hours(1));
  D::SetHoldoutHandler(nullptr);
  D::Synchronize();
  EXPECT_EQ(D::Stats().holdouts, 0u);
}

TEST(HoldoutTextTest, SaysWhoAndHowLong) {
  EXPECT_EQ(ToString({.flavor = "memb",
                      .tid = 1234,
                      .thread_name = "serve-1",
                      .waited = milliseconds(2000)}),
            "grace period of flavor memb has waited 2.0 s for thread serve-1 (tid 1234), "
            "which is in a read-side critical section");
  EXPECT_EQ(
      ToString(
          {.flavor = "rseq", .tid = 0, .thread_name = "", .waited = milliseconds(1500)}),
      "grace period of flavor rseq has waited 1.5 s for a reader that is in a "
      "read-side critical section (this flavor does not know its readers)");
}

TEST(LatencyHistogramTest, EachLatencyIsInTheFirstBucketThatReachesIt) {
  for (size_t i = 0; i + 1 < LatencyHistogram::kBuckets; ++i) {
    LatencyHistogram histogram;
    const uint64_t bound = LatencyHistogram::BoundNs(i);
    histogram.Add(bound);
    EXPECT_EQ(histogram.counts[i], 1u) << i;
    histogram.Add(bound + 1);
    EXPECT_EQ(histogram.counts[i + 1], 1u) << i;
    EXPECT_EQ(histogram.sum_ns, 2 * bound + 1);
    EXPECT_EQ(histogram.Count(), 2u);
  }
  LatencyHistogram histogram;
  histogram.Add(0);
  histogram.Add(UINT64_MAX / 2);
  EXPECT_EQ(histogram.counts.front(), 1u);
  EXPECT_EQ(histogram.counts.back(), 1u);
}

TEST(LatencyHistogramTest, EveryGracePeriodOfADomainIsInIt) {
  struct Tag;
  using D = Domain<Mb, Tag>;
  for (int i = 0; i < 300; ++i) D::Synchronize();
  EXPECT_EQ(D::Stats().latency.Count(), 300u);
  EXPECT_GT(D::Stats().latency.sum_ns, 0u);
}

}  // namespace
}  // namespace rcu
