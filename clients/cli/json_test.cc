#include "clients/cli/json.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"

namespace rcukv::cli {
namespace {

std::string Member(const std::string& bytes) {
  Json object;
  SetBytes(object, "key", bytes);
  return object.dump();
}

TEST(JsonTest, TextIsAStringWithEscapes) {
  EXPECT_EQ(Member(""), R"({"key":""})");
  EXPECT_EQ(Member("plain"), R"({"key":"plain"})");
  EXPECT_EQ(Member("\xc3\xa9"), "{\"key\":\"\xc3\xa9\"}");
  EXPECT_EQ(Member(std::string("\"\\\n\0\x7f", 5)),
            "{\"key\":\"\\\"\\\\\\n\\u0000\x7f\"}");
}

TEST(JsonTest, BytesThatAreNotUtf8AreBase64UnderAnotherName) {
  for (const std::string bytes :
       {"\xff", "a\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    EXPECT_EQ(Member(bytes), "{\"key_base64\":\"" + absl::Base64Escape(bytes) + "\"}");
  }
}

}  // namespace
}  // namespace rcukv::cli
