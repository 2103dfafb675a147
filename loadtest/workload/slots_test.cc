#include "loadtest/workload/slots.h"

#include <chrono>
#include <memory>
#include <thread>

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

TEST(Slots, AreAsManyAsThereAre) {
  Slots slots(2);
  EXPECT_TRUE(slots.TryTake());
  EXPECT_TRUE(slots.TryTake());
  EXPECT_FALSE(slots.TryTake());
  EXPECT_FALSE(slots.TakeWithin(std::chrono::milliseconds(1)));
  slots.Release();
  EXPECT_TRUE(slots.TakeWithin(std::chrono::milliseconds(1)));
}

TEST(Slots, OneThatIsReleasedGoesToWhoWaits) {
  Slots slots(1);
  ASSERT_TRUE(slots.TryTake());
  std::thread other([&] { slots.Release(); });
  EXPECT_TRUE(slots.TakeWithin(std::chrono::hours(1)));
  other.join();
}

// Over and over, so that a sanitizer sees it where the last Release still uses them.
TEST(Slots, MayGoAsSoonAsAllAreFree) {
  for (int i = 0; i < 1000; ++i) {
    auto slots = std::make_unique<Slots>(1);
    ASSERT_TRUE(slots->TryTake());
    std::thread last([&slots = *slots] { slots.Release(); });
    slots->AwaitAllFree();
    slots.reset();
    last.join();
  }
}

}  // namespace
}  // namespace rcukv::loadtest
