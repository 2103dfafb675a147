#include "server/table/printable.h"

#include <string>

#include "gtest/gtest.h"

namespace rcukv {
namespace {

TEST(Printable, ShowsPlainTextInQuotes) { EXPECT_EQ(Printable("zlib1g"), "\"zlib1g\""); }

TEST(Printable, EscapesWhatATerminalMustNotSee) {
  EXPECT_EQ(Printable(std::string_view("a\0\x1b\"\n", 5)), R"("a\x00\x1b\"\n")");
}

TEST(Printable, ShortensAndSaysHowLongItIs) {
  EXPECT_EQ(Printable(std::string(64, 'k')), "\"" + std::string(64, 'k') + "\"");
  EXPECT_EQ(Printable(std::string(4096, 'k')),
            "\"" + std::string(64, 'k') + "\"... (4096 bytes)");
}

}  // namespace
}  // namespace rcukv
