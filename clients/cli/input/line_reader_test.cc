#include "clients/cli/input/line_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "clients/cli/input/string_source.h"

namespace rcukv::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Every line, or the message of its error.
std::vector<std::string> Lines(LineReader& reader) {
  std::vector<std::string> lines;
  while (true) {
    const auto line = reader.Next();
    if (!line.ok()) {
      lines.emplace_back(line.status().message());
      if (!absl::IsInvalidArgument(line.status())) return lines;
    } else if (line->has_value()) {
      lines.emplace_back(**line);
    } else {
      return lines;
    }
  }
}

std::vector<std::string> Lines(const std::string& text, size_t chunk_bytes = 3,
                               size_t max_line_bytes = 10) {
  LineReader reader("file", StringSource(text, chunk_bytes), max_line_bytes);
  return Lines(reader);
}

TEST(LineReaderTest, AnEmptyInputHasNoLines) { EXPECT_THAT(Lines(""), IsEmpty()); }

TEST(LineReaderTest, LinesKeepTheirEnds) {
  for (const size_t chunk_bytes : {1, 2, 3, 100}) {
    EXPECT_THAT(Lines("one\n\ntwo\r\nthree", chunk_bytes),
                ElementsAre("one\n", "\n", "two\r\n", "three"));
  }
}

TEST(LineReaderTest, ALineMayHoldAnyBytes) {
  const std::string text("a\0b\r\xff\n", 6);
  EXPECT_THAT(Lines(text), ElementsAre(text));
}

TEST(LineReaderTest, ALineOfTheLargestSizeIsRead) {
  EXPECT_THAT(Lines("0123456789\n0123456789"), ElementsAre("0123456789\n", "0123456789"));
}

TEST(LineReaderTest, ALineThatIsTooLongIsNamedAndSkipped) {
  for (const size_t chunk_bytes : {1, 7, 100}) {
    EXPECT_THAT(Lines("one\n0123456789a\ntwo\n0123456789 to the end", chunk_bytes),
                ElementsAre("one\n", "file:2: the line is longer than 10 bytes", "two\n",
                            "file:4: the line is longer than 10 bytes"));
  }
}

TEST(LineReaderTest, LinesAndBytesAreCounted) {
  LineReader reader("file", StringSource("one\ntwo\n", 4));
  EXPECT_EQ(reader.line_number(), 0);
  ASSERT_TRUE(reader.Next().ok());
  EXPECT_EQ(reader.line_number(), 1);
  EXPECT_EQ(reader.bytes_read(), 4u);
  ASSERT_TRUE(reader.Next().ok());
  EXPECT_EQ(reader.line_number(), 2);
  EXPECT_EQ(reader.bytes_read(), 8u);
}

TEST(LineReaderTest, AnErrorOfTheSourceComesThrough) {
  LineReader reader("file", [](char*, size_t) { return absl::CancelledError("stop"); });
  EXPECT_EQ(reader.Next().status(), absl::CancelledError("stop"));
}

TEST(LineReaderTest, OnlyALineEndIsTakenOff) {
  EXPECT_EQ(WithoutLineEnd("one\n"), "one");
  EXPECT_EQ(WithoutLineEnd("one\r\n"), "one");
  EXPECT_EQ(WithoutLineEnd("one\r\r\n"), "one\r");
  EXPECT_EQ(WithoutLineEnd("one\r"), "one\r");
  EXPECT_EQ(WithoutLineEnd("\n"), "");
  EXPECT_EQ(WithoutLineEnd(""), "");
}

}  // namespace
}  // namespace rcukv::cli
