// Storms over one flavor (RCU_TORTURE_FLAVOR), in each of its membarrier modes: no reader
// reaches an element that is more than one grace period old, and each element that was
// unlinked is reclaimed once. RCU_TORTURE_MS: how long each storm lasts.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "rcu/domain.h"
#include "rcu/reclaimer.h"
#include "rcu/torture/delay.h"
#include "rcu/torture/reader.h"
#include "rcu/torture/storm.h"

namespace rcu::torture {
namespace {

using Flavor = RCU_TORTURE_FLAVOR;
using D = Domain<Flavor>;

constexpr std::array kMembarrierModes = {
    MembarrierMode::kExpedited, MembarrierMode::kNonExpedited,
    MembarrierMode::kGlobalExpedited, MembarrierMode::kAdaptive};

auto ModesOfTheFlavor() {
  if constexpr (Flavor::kUsesMembarrier) {
    return testing::ValuesIn(kMembarrierModes);
  } else {
    return testing::Values(MembarrierMode::kNone);
  }
}

std::chrono::milliseconds Duration() {
  const char* text = std::getenv("RCU_TORTURE_MS");
  return std::chrono::milliseconds(text == nullptr ? 150 : std::atoi(text));
}

void ExpectSound(const Outcome& outcome) {
  EXPECT_TRUE(outcome.Sound()) << outcome;
  EXPECT_GT(outcome.report.reads, 0u);
  std::cout << outcome << "\n";
}

class TortureTest : public testing::TestWithParam<MembarrierMode> {
 protected:
  void SetUp() override {
    if (const absl::Status status = D::Prepare(); !status.ok()) {
      GTEST_SKIP() << status.message();
    }
    if (GetParam() == MembarrierMode::kNone) return;
    if (const absl::Status status = D::SetMembarrierMode(GetParam()); !status.ok()) {
      GTEST_SKIP() << status.message();
    }
  }

  void ExpectSoundAfter(const StormOptions& options) {
    ExpectSound(Storm<D>(options).Run(Duration()));
  }
};

TEST_P(TortureTest, NoReaderReachesAnElementOfAnEarlierGracePeriod) {
  ExpectSoundAfter({});
}

TEST_P(TortureTest, ThreadsThatComeAndGoAreWaitedFor) {
  ExpectSoundAfter({.sections_per_thread = 300});
}

TEST_P(TortureTest, AReaderThatStallsIsWaitedFor) {
  ExpectSoundAfter({.stalled_readers = 2});
}

TEST_P(TortureTest, AHandlerThatInterruptsASectionIsWaitedFor) {
  // One reader: others would hold grace periods up while its handlers run.
  ExpectSoundAfter({.readers = 1, .interrupted = true});
}

TEST_P(TortureTest, AFloodOfCallbacksLosesNothing) {
  ExpectSoundAfter({.writers = 3, .flood = true});
}

TEST_P(TortureTest, AFloodPastATinyLimitLosesNothing) {
  D::SetBacklogLimit(4096);
  ExpectSoundAfter({.writers = 3, .flood = true, .meanwhile = &D::Barrier});
  D::SetBacklogLimit(Reclaimer::kDefaultLimitBytes);
}

TEST_P(TortureTest, SectionsOfTwoDomainsOverlap) {
  struct Tag;
  using Other = Domain<Flavor, Tag>;
  Storm<D> storm({.readers = 1, .writers = 1});
  Storm<Other> other_storm({.readers = 1, .writers = 1});
  storm.Begin();
  other_storm.Begin();
  {
    typename D::OnlineGuard online;
    typename Other::OnlineGuard other_online;
    Reader<D> reader(storm.shelf(), /*seed=*/77);
    Reader<Other> other_reader(other_storm.shelf(), /*seed=*/88);
    Random random(99);
    const auto until = std::chrono::steady_clock::now() + Duration();
    while (std::chrono::steady_clock::now() < until) {
      D::Quiesce();
      reader.Begin();
      Other::Quiesce();
      other_reader.Begin();
      Delay(random);
      reader.End();
      Delay(random);
      other_reader.End();
    }
    storm.Add(reader.report());
    other_storm.Add(other_reader.report());
  }
  ExpectSound(storm.End());
  ExpectSound(other_storm.End());
}

// "memb_non_expedited".
std::string NameOf(const testing::TestParamInfo<MembarrierMode>& mode) {
  std::string name(Flavor::kName);
  if (mode.param == MembarrierMode::kNone) return name;
  name.append("_").append(MembarrierModeName(mode.param));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(, TortureTest, ModesOfTheFlavor(), NameOf);

void ToTheNextMode() {
  static size_t i = 0;
  (void)D::SetMembarrierMode(kMembarrierModes[i++ % kMembarrierModes.size()]);
  D::Synchronize();
}

TEST(ModeTortureTest, AChangeOfTheModeUnderLoadBreaksNothing) {
  if (!Flavor::kUsesMembarrier) GTEST_SKIP() << "the flavor has no membarrier modes";
  if (const absl::Status status = D::Prepare(); !status.ok()) {
    GTEST_SKIP() << status.message();
  }
  ExpectSound(Storm<D>({.meanwhile = &ToTheNextMode}).Run(Duration()));
}

}  // namespace
}  // namespace rcu::torture
