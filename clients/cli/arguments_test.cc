#include "clients/cli/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rcukv::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

const std::vector<Command>& Commands() {
  static const auto& commands = *new std::vector<Command>{
      {.name = "scan",
       .arguments = "",
       .summary = "",
       .flags = {{"limit", "N", ""}, {"keys-only", "", ""}}},
      {.name = "put",
       .arguments = "KEY VALUE",
       .summary = "",
       .min_arguments = 2,
       .max_arguments = 2},
      {.name = "txn",
       .arguments = "[WORD...]",
       .summary = "",
       .max_arguments = Command::kAnyNumber,
       .flags_come_first = true},
  };
  return commands;
}

absl::StatusOr<Invocation> Parse(const std::vector<std::string>& words) {
  static const auto& common =
      *new std::vector<Flag>{{"server", "ADDR", ""}, {"json", "", ""}, {"help", "", ""}};
  return ParseInvocation(Commands(), common, words);
}

std::string ErrorOf(const std::vector<std::string>& words) {
  const absl::StatusOr<Invocation> invocation = Parse(words);
  EXPECT_TRUE(absl::IsInvalidArgument(invocation.status())) << invocation.status();
  return std::string(invocation.status().message());
}

TEST(ArgumentsTest, FlagsMayStandBeforeAndBehindTheCommand) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"--json", "--server", "here", "--limit", "5", "scan"},
           {"scan", "--limit=5", "--server=here", "--json"},
           {"--limit=5", "scan", "--json", "--server", "here"}}) {
    const absl::StatusOr<Invocation> invocation = Parse(words);
    ASSERT_TRUE(invocation.ok()) << invocation.status();
    EXPECT_EQ(invocation->command->name, "scan");
    EXPECT_THAT(invocation->arguments, IsEmpty());
    EXPECT_THAT(invocation->flags, ElementsAre(Pair("json", ""), Pair("limit", "5"),
                                               Pair("server", "here")));
  }
}

TEST(ArgumentsTest, BehindTwoDashesEverythingIsAnArgument) {
  EXPECT_THAT(Parse({"put", "--json", "--", "--key", "--"})->arguments,
              ElementsAre("--key", "--"));
}

TEST(ArgumentsTest, BehindTheFirstArgumentOfSomeCommandsToo) {
  const absl::StatusOr<Invocation> invocation =
      Parse({"txn", "--json", "then", "put", "--help", "--", "--no-such"});
  ASSERT_TRUE(invocation.ok()) << invocation.status();
  EXPECT_THAT(invocation->flags, ElementsAre(Pair("json", "")));
  EXPECT_THAT(invocation->arguments,
              ElementsAre("then", "put", "--help", "--", "--no-such"));
}

TEST(ArgumentsTest, ASingleDashAndAnEmptyWordAreArguments) {
  EXPECT_THAT(Parse({"put", "", "-"})->arguments, ElementsAre("", "-"));
}

TEST(ArgumentsTest, AValueMayBeEmptyOrBeginWithADash) {
  EXPECT_THAT(Parse({"scan", "--limit="})->flags, ElementsAre(Pair("limit", "")));
  EXPECT_THAT(Parse({"scan", "--limit", "-1"})->flags, ElementsAre(Pair("limit", "-1")));
  EXPECT_THAT(Parse({"scan", "--limit=a=b"})->flags, ElementsAre(Pair("limit", "a=b")));
}

TEST(ArgumentsTest, TheLastOfEqualFlagsCounts) {
  EXPECT_THAT(Parse({"--limit=1", "scan", "--limit=2"})->flags,
              ElementsAre(Pair("limit", "2")));
}

TEST(ArgumentsTest, NoCommandIsLeftToTheCaller) {
  EXPECT_EQ(Parse({"--json"})->command, nullptr);
  EXPECT_EQ(Parse({})->command, nullptr);
}

TEST(ArgumentsTest, ShortHelpIsHelp) {
  EXPECT_THAT(Parse({"scan", "-h"})->flags, ElementsAre(Pair("help", "")));
}

TEST(ArgumentsTest, WhatIsWrongIsNamed) {
  EXPECT_THAT(ErrorOf({"fetch"}), HasSubstr("no command \"fetch\""));
  EXPECT_THAT(ErrorOf({"scan", "--colour=red"}), HasSubstr("has no flag --colour;"));
  EXPECT_THAT(ErrorOf({"scan", "-x"}), HasSubstr("has no flag -x;"));
  EXPECT_THAT(ErrorOf({"scan",
                       "--"
                       "=1"}),
              HasSubstr("has no flag --;"));
  EXPECT_THAT(ErrorOf({"--colour", "scan"}), HasSubstr("no flag --colour;"));
  EXPECT_THAT(ErrorOf({"--limit=1", "put", "k", "v"}),
              HasSubstr("`rcukv put` has no flag --limit"));
  EXPECT_THAT(ErrorOf({"--limit=1"}), HasSubstr("no flag --limit"));
  EXPECT_THAT(ErrorOf({"scan", "--limit"}),
              HasSubstr("--limit needs a value: --limit N"));
  EXPECT_THAT(ErrorOf({"scan", "--json=yes"}), HasSubstr("--json takes no value"));
}

TEST(ArgumentsTest, TheNumberOfArgumentsIsChecked) {
  EXPECT_TRUE(CheckArgumentCount(*Parse({"put", "k", "v"})).ok());
  EXPECT_THAT(std::string(CheckArgumentCount(*Parse({"put", "k"})).message()),
              HasSubstr("too few arguments; usage: rcukv put KEY VALUE"));
  EXPECT_THAT(std::string(CheckArgumentCount(*Parse({"scan", "k"})).message()),
              HasSubstr("too many arguments; usage: rcukv scan"));
}

}  // namespace
}  // namespace rcukv::cli
