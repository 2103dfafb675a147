#include "loadtest/process/resident_memory.h"

#include <unistd.h>

#include <cstring>
#include <vector>

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

TEST(ResidentBytes, GrowsWithWhatTheProcessTouches) {
  constexpr size_t kBytes = 64 << 20;
  const auto before = ResidentBytes(getpid());
  ASSERT_TRUE(before.ok()) << before.status();
  const std::vector<char> memory(kBytes, 'x');
  const auto after = ResidentBytes(getpid());
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_GE(*after, *before + kBytes / 2) << memory.back();
}

TEST(ResidentBytes, AProcessThatIsNotThereIsNamed) {
  EXPECT_EQ(ResidentBytes(-1).status().message(), "there is no process -1");
}

TEST(ParseResidentBytes, FindsItsLine) {
  EXPECT_EQ(*ParseResidentBytes("Name:\tx\nVmHWM:\t 9000 kB\nVmRSS:\t    8192 kB\n"),
            8u << 20);
}

TEST(ParseResidentBytes, AProcessThatHasEndedHasNone) {
  EXPECT_FALSE(ParseResidentBytes("Name:\tx\nState:\tZ (zombie)\n").ok());
  EXPECT_FALSE(ParseResidentBytes("VmRSS:\tmuch\n").ok());
  EXPECT_FALSE(ParseResidentBytes("").ok());
}

}  // namespace
}  // namespace rcukv::loadtest
