#include "loadtest/page/markup.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Markup, TextNeitherOpensAnElementNorEndsAnAttribute) {
  EXPECT_EQ(Escaped("<b a=\"1\" c='2'>&amp;"),
            "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;");
  EXPECT_EQ(Escaped("p99 \xc2\xb5s"), "p99 \xc2\xb5s");
  EXPECT_EQ(Escaped(""), "");
}

TEST(Markup, JsonCannotEndTheScriptThatHoldsIt) {
  const std::string safe = JsonForScript(R"({"a": "</script><!--<script>"})");
  EXPECT_EQ(safe, R"({"a": "\u003c/script>\u003c!--\u003cscript>"})");
  EXPECT_THAT(safe, Not(HasSubstr("<")));
}

}  // namespace
}  // namespace rcukv::loadtest
