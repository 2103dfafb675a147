#include <gtest/gtest.h>
#include <jemalloc/jemalloc.h>

#include <cstddef>
#include <string_view>

namespace {

TEST(JemallocTest, TakesTheSettingsThatWeLinkWithIt) {
  const char* thp = nullptr;
  size_t size = sizeof(thp);
  ASSERT_EQ(mallctl("opt.thp", &thp, &size, nullptr, 0), 0);
  if (std::string_view(thp) == "not supported") {
    GTEST_SKIP() << "this system has no transparent huge pages";
  }
  EXPECT_STREQ(thp, "always");
}

}  // namespace
