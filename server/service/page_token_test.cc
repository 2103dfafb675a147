#include "server/service/page_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace rcukv {
namespace {

using ::testing::HasSubstr;

std::string Error(const absl::StatusOr<uint64_t>& cursor) {
  EXPECT_EQ(cursor.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(cursor.status().message());
}

TEST(PageTokensTest, ATokenGivesItsCursorBack) {
  const PageTokens tokens;
  for (uint64_t cursor : {1ull, 12345ull, ~0ull}) {
    const absl::StatusOr<uint64_t> read =
        tokens.Read(tokens.Make("table", "prefix", cursor), "table", "prefix");
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(*read, cursor);
  }
}

TEST(PageTokensTest, NoTokenIsTheBeginning) {
  const absl::StatusOr<uint64_t> read = PageTokens().Read("", "table", "prefix");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, 0u);
}

TEST(PageTokensTest, ATokenOfAnotherProcessIsRejected) {
  const PageTokens one;
  const PageTokens other;
  const std::string error = Error(one.Read(other.Make("t", "p", 1), "t", "p"));
  EXPECT_THAT(error, HasSubstr("another server process"));
  EXPECT_THAT(error, HasSubstr("without a token"));
}

TEST(PageTokensTest, ATokenOfAnotherScanIsRejected) {
  const PageTokens tokens;
  const std::string token = tokens.Make("t", "p", 1);
  EXPECT_THAT(Error(tokens.Read(token, "u", "p")), HasSubstr("another table or prefix"));
  EXPECT_THAT(Error(tokens.Read(token, "t", "q")), HasSubstr("another table or prefix"));
  EXPECT_THAT(Error(tokens.Read(token, "tp", "")), HasSubstr("another table or prefix"));
}

// Not even in part: every bit of the cursor changes bits all over the token.
TEST(PageTokensTest, ATokenDoesNotShowItsCursor) {
  const PageTokens tokens;
  const std::string zero = tokens.Make("t", "p", 0);
  for (int bit = 0; bit < 64; ++bit) {
    const std::string other = tokens.Make("t", "p", uint64_t{1} << bit);
    size_t bytes_alike = 0;
    for (size_t i = zero.size() - 16; i < zero.size(); ++i) {
      if (zero[i] == other[i]) ++bytes_alike;
    }
    // By chance there are more than 5 in one of 600 million runs of this test.
    EXPECT_LE(bytes_alike, 5u) << bit;
  }
}

TEST(PageTokensTest, TheSameCursorLooksDifferentInAnotherProcess) {
  EXPECT_NE(PageTokens().Make("t", "p", 1).substr(8),
            PageTokens().Make("t", "p", 1).substr(8));
}

TEST(PageTokensTest, GarbageIsRejected) {
  const PageTokens tokens;
  const std::string token = tokens.Make("t", "p", 1);
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    Error(tokens.Read(changed, "t", "p"));
    Error(tokens.Read(token.substr(0, i + 1 == token.size() ? 1 : i + 1), "t", "p"));
  }
  Error(tokens.Read(token + "x", "t", "p"));
}

}  // namespace
}  // namespace rcukv
