#include "loadtest/page/page.h"

#include <string_view>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/page/assets.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr char kHostile[] = "</script></title><script>alert(1)</script>";
constexpr char kEscaped[] =
    "&lt;/script&gt;&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;";

size_t Count(std::string_view text, std::string_view part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

// Everything that can hold text from elsewhere, with `text` in it.
Page PageOf(const std::string& text) {
  const Table table = {
      .caption = text, .columns = {text, "n"}, .rows = {{text}, {text, text}}};
  return {.title = text,
          .verdicts = {{Verdict::kNote, text},
                       {Verdict::kWarning, text},
                       {Verdict::kFailure, text}},
          .command = text,
          .facts = {{text, text}},
          .sections = {{.title = text,
                        .text = text,
                        .tables = {table},
                        .charts = {{.id = "one",
                                    .title = text,
                                    .text = text,
                                    .x = {.kind = Axis::kTime, .title = text},
                                    .y = {.kind = Axis::kRate, .title = text},
                                    .lines = {{.name = text, .points = {{1, 2}}}},
                                    .bands = {{.name = text, .from = 0, .to = 1}},
                                    .table = table}}}}};
}

TEST(Page, NoStringOpensAnElementOfItsOwn) {
  const std::string html = RenderPage(PageOf(kHostile));
  EXPECT_THAT(html, AllOf(Not(HasSubstr(kHostile)), HasSubstr(kEscaped)));
  // As many as in a page that holds nothing of the kind.
  const std::string harmless = RenderPage(PageOf("harmless"));
  for (const char* tag : {"<script", "</script", "<title", "</title", "<"}) {
    EXPECT_EQ(Count(html, tag), Count(harmless, tag)) << tag;
  }
}

TEST(Page, AQuoteDoesNotEndAnAttribute) {
  EXPECT_THAT(RenderPage(PageOf("\" onfocus=\"alert(1)")),
              AllOf(Not(HasSubstr("\"\" onfocus=")), HasSubstr("&quot; onfocus=")));
}

TEST(Page, ThePolicyAllowsItsOwnScriptsAndNothingElse) {
  const std::string html = RenderPage(PageOf("x"));
  EXPECT_THAT(html, AllOf(HasSubstr("default-src 'none'"),
                          HasSubstr(std::string(PageScript().hash)),
                          HasSubstr(std::string(ChartJs().hash)),
                          HasSubstr(std::string(PageStyle().hash)),
                          Not(HasSubstr("unsafe-")), Not(HasSubstr(" src="))));
}

TEST(Page, WhatIsNotThereLeavesNoHeading) {
  const std::string html =
      RenderPage({.title = "empty", .sections = {{.title = "nothing in it"}}});
  EXPECT_THAT(html, AllOf(HasSubstr("<h1>empty</h1>"), Not(HasSubstr("<h2>")),
                          Not(HasSubstr("<script"))));
}

TEST(Page, ARowOfOneCellIsAHeadingAcrossItsTable) {
  EXPECT_THAT(RenderPage(PageOf("x")),
              HasSubstr("<tr><th colspan=\"2\" scope=\"rowgroup\">x</th></tr>\n"
                        "<tr><th scope=\"row\">x</th><td>x</td></tr>"));
}

TEST(Page, AVerdictSaysInAWordWhatItsColourSays) {
  const std::string html = RenderPage(PageOf("x"));
  EXPECT_THAT(html,
              AllOf(HasSubstr("<li>x</li>"), HasSubstr("<strong>Warning:</strong> x"),
                    HasSubstr("<strong>Failed:</strong> x")));
}

TEST(Page, ChartJsSaysItsVersion) {
  EXPECT_THAT(ChartJsVersion(), testing::MatchesRegex("Chart\\.js [0-9]+\\.[0-9.]+"));
}

}  // namespace
}  // namespace rcukv::loadtest
