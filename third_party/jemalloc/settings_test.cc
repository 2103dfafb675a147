#include <gtest/gtest.h>
#include <jemalloc/jemalloc.h>

#include <cstddef>

namespace {

TEST(JemallocTest, TakesTheSettingsThatWeLinkWithIt) {
  const char* thp = nullptr;
  size_t size = sizeof(thp);
  ASSERT_EQ(mallctl("opt.thp", &thp, &size, nullptr, 0), 0);
  EXPECT_STREQ(thp, "always");
}

}  // namespace
