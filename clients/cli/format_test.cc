#include "clients/cli/format.h"

#include <gtest/gtest.h>

namespace rcukv::cli {
namespace {

TEST(FormatTest, ThousandsAreSetOff) {
  EXPECT_EQ(WithCommas(0), "0");
  EXPECT_EQ(WithCommas(999), "999");
  EXPECT_EQ(WithCommas(1000), "1,000");
  EXPECT_EQ(WithCommas(18'446'744'073'709'551'615u), "18,446,744,073,709,551,615");
}

TEST(FormatTest, BytesHaveTheUnitThatFits) {
  EXPECT_EQ(Bytes(0), "0 B");
  EXPECT_EQ(Bytes(1023), "1023 B");
  EXPECT_EQ(Bytes(1024), "1.0 KiB");
  EXPECT_EQ(Bytes(1536), "1.5 KiB");
  EXPECT_EQ(Bytes((1 << 20) - 1), "1.0 MiB");
  EXPECT_EQ(Bytes(uint64_t{5} << 50), "5120.0 TiB");
}

TEST(FormatTest, NanosecondsHaveTheUnitThatFits) {
  EXPECT_EQ(Nanoseconds(0), "0 ns");
  EXPECT_EQ(Nanoseconds(999), "999 ns");
  EXPECT_EQ(Nanoseconds(12'345), "12.3 us");
  EXPECT_EQ(Nanoseconds(999'960), "1.0 ms");
  EXPECT_EQ(Nanoseconds(90'000'000'000), "90.0 s");
}

TEST(FormatTest, OneIsSingular) {
  EXPECT_EQ(Count(0, "entry", "entries"), "0 entries");
  EXPECT_EQ(Count(1, "entry", "entries"), "1 entry");
  EXPECT_EQ(Count(2000, "entry", "entries"), "2,000 entries");
}

}  // namespace
}  // namespace rcukv::cli
