#include "server/store/key_range.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(CutRange, CutsBehindWhatBothHaveInCommon) {
  EXPECT_THAT(
      CutRange("key-2\0\0\0\0\0\0"s, "key-6\0\0\0\0\0\0"s, 4),
      ElementsAre("key-3\0\0\0\0\0\0"s, "key-4\0\0\0\0\0\0"s, "key-5\0\0\0\0\0\0"s));
}

TEST(CutRange, CutsLieInOrderBetweenTheEnds) {
  const std::pair<std::string, std::string> ranges[] = {
      {"e", "f"},
      {"e",
       "e\x07"
       "default"},
      {"\x01\xff", "\xff"},
      {"a", "a\xff"},
      {"a9999999999", "b"},
      {"", "\xff\xff\xff\xff\xff\xff\xff\xff"}};
  for (const auto& [begin, end] : ranges) {
    const std::vector<std::string> cuts = CutRange(begin, end, 16);
    EXPECT_EQ(cuts.size(), 15u);
    std::string last = begin;
    for (const std::string& cut : cuts) {
      EXPECT_LT(last, cut);
      last = cut;
    }
    EXPECT_LT(last, end);
  }
}

TEST(CutRange, WhatIsTooCloseIsLeftWhole) {
  EXPECT_THAT(CutRange("a", "a", 4), IsEmpty());
  EXPECT_THAT(CutRange("b", "a", 4), IsEmpty());
  EXPECT_THAT(CutRange("a", "a\0\0\0\0\0\0\1"s, 4), IsEmpty());
  EXPECT_THAT(CutRange("a\0\0\0\0\0\0\0a"s, "a\0\0\0\0\0\0\0b"s + "c", 1), IsEmpty());
}

}  // namespace
}  // namespace rcukv
