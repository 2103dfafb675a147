#include "bench/serve/data.h"

#include <cctype>
#include <set>
#include <string>

#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

TEST(Data, KeysAreDifferentAndPrintable) {
  std::set<std::string> keys;
  for (uint32_t i = 0; i < 1000; ++i) {
    const Key key = KeyOf(i);
    for (const char digit : key.bytes()) EXPECT_TRUE(std::isxdigit(digit));
    keys.insert(std::string(key.bytes()));
  }
  EXPECT_EQ(keys.size(), 1000u);
}

TEST(Data, AValueIsThatOfItsKeyAloneAndInFull) {
  const Value value = ValueOf(7);
  EXPECT_TRUE(IsValueOf(7, value.bytes()));
  EXPECT_FALSE(IsValueOf(8, value.bytes()));
  EXPECT_FALSE(IsValueOf(7, value.bytes().substr(1)));
  for (size_t i = 0; i < kValueBytes; ++i) {
    std::string damaged(value.bytes());
    ++damaged[i];
    EXPECT_FALSE(IsValueOf(7, damaged)) << i;
  }
}

}  // namespace
}  // namespace rcukv::bench
