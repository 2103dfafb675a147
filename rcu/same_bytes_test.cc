#include "rcu/same_bytes.h"

#include <memory>
#include <string>

#include "gtest/gtest.h"

namespace rcu {
namespace {

// Of exactly this size, so that AddressSanitizer sees a byte read too many.
std::unique_ptr<char[]> Copy(const std::string& text) {
  auto copy = std::make_unique<char[]>(text.size());
  text.copy(copy.get(), text.size());
  return copy;
}

TEST(SameBytesTest, SeesEveryByteOfEveryLength) {
  for (size_t size = 0; size <= 130; ++size) {
    std::string text(size, 'x');
    const auto a = Copy(text);
    const auto same = Copy(text);
    ASSERT_TRUE(SameBytes({a.get(), size}, {same.get(), size})) << size;
    for (size_t i = 0; i < size; ++i) {
      text[i] = 'y';
      const auto other = Copy(text);
      ASSERT_FALSE(SameBytes({a.get(), size}, {other.get(), size})) << size << " " << i;
      text[i] = 'x';
    }
  }
}

TEST(SameBytesTest, AnotherLengthIsAnotherKey) {
  EXPECT_FALSE(SameBytes("abc", "abcd"));
  EXPECT_FALSE(SameBytes("", "a"));
  EXPECT_TRUE(SameBytes({}, ""));
}

}  // namespace
}  // namespace rcu
