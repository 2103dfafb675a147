#include "loadtest/base/text_table.h"

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

TEST(TextTable, CellsAreAlignedBelowTheirHeader) {
  TextTable table({"", "mb", "memb-expedited"});
  table.AddHeading("over gRPC, and a long line of it");
  table.AddRow({"reads/s", "1.2M", "1.9M"});
  table.AddRow({"p50", "-", ""});
  EXPECT_EQ(table.Render(),
            "           mb  memb-expedited\n"
            "over gRPC, and a long line of it\n"
            "reads/s  1.2M            1.9M\n"
            "p50         -\n");
}

TEST(RenderText, ARowOfOneCellIsAHeading) {
  EXPECT_EQ(RenderText({.caption = "not shown",
                        .columns = {"", "mb"},
                        .rows = {{"over gRPC"}, {"  reads/s", "1.2M"}}}),
            "             mb\n"
            "over gRPC\n"
            "  reads/s  1.2M\n");
}

TEST(Wrapped, BreaksBetweenWords) {
  EXPECT_EQ(Wrapped("one two three", 7), "one two\nthree\n");
  EXPECT_EQ(Wrapped("one two three", 6), "one\ntwo\nthree\n");
  EXPECT_EQ(Wrapped("unbreakable x", 5), "unbreakable\nx\n");
  EXPECT_EQ(Wrapped("", 5), "");
}

TEST(ShortNumber, HasThreeDigits) {
  EXPECT_EQ(ShortNumber(0), "0");
  EXPECT_EQ(ShortNumber(0.123), "0.12");
  EXPECT_EQ(ShortNumber(9.996), "10.0");
  EXPECT_EQ(ShortNumber(789), "789");
  EXPECT_EQ(ShortNumber(999.7), "1.00k");
  EXPECT_EQ(ShortNumber(45'600), "45.6k");
  EXPECT_EQ(ShortNumber(999'700), "1.00M");
  EXPECT_EQ(ShortNumber(123'000'000), "123M");
  EXPECT_EQ(ShortNumber(2.5e9), "2.50G");
}

TEST(ShortDuration, TakesTheUnitThatFits) {
  EXPECT_EQ(ShortDuration(0.5), "0.50 ns");
  EXPECT_EQ(ShortDuration(850), "850 ns");
  EXPECT_EQ(ShortDuration(1620), "1.62 us");
  EXPECT_EQ(ShortDuration(8.1e6), "8.10 ms");
  EXPECT_EQ(ShortDuration(1.2e9), "1.20 s");
}

TEST(GroupedNumber, HasACommaEveryThreeDigits) {
  EXPECT_EQ(GroupedNumber(0), "0");
  EXPECT_EQ(GroupedNumber(999), "999");
  EXPECT_EQ(GroupedNumber(63'666), "63,666");
  EXPECT_EQ(GroupedNumber(1'000'000), "1,000,000");
}

}  // namespace
}  // namespace rcukv::loadtest
