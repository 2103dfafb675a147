#include "clients/cli/txn_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"

namespace rcukv::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string Shown(const TxnCondition& condition) {
  struct Target {
    std::string operator()(const TxnCondition::Value& value) { return value.bytes; }
    std::string operator()(const TxnCondition::ModRevision& mod) {
      return absl::StrCat("mod ", mod.revision);
    }
    std::string operator()(const TxnCondition::CreateRevision& create) {
      return absl::StrCat("create ", create.revision);
    }
    std::string operator()(const TxnCondition::Exists& exists) {
      return exists.exists ? "exists" : "missing";
    }
  };
  constexpr char kRelations[] = "=><!";
  return absl::StrCat(condition.key, " ",
                      std::string(1, kRelations[static_cast<int>(condition.relation)]),
                      " ", std::visit(Target(), condition.target));
}

std::string Shown(const Txn::Operation& operation) {
  constexpr const char* kVerbs[] = {"get", "put", "del"};
  return absl::StrCat(kVerbs[static_cast<int>(operation.kind)], " ", operation.key,
                      operation.value.empty() ? "" : " ", operation.value);
}

template <typename Part>
std::vector<std::string> Shown(const std::vector<Part>& parts) {
  std::vector<std::string> shown;
  for (const Part& part : parts) shown.push_back(Shown(part));
  return shown;
}

// Of words between white space.
Txn Parsed(std::string_view text) {
  const absl::StatusOr<Txn> txn = ParseTxn(SplitWords(text).value());
  EXPECT_TRUE(txn.ok()) << txn.status();
  return txn.ok() ? *txn : Txn();
}

std::string ErrorOf(std::string_view text) {
  const absl::StatusOr<Txn> txn = ParseTxn(SplitWords(text).value());
  EXPECT_TRUE(absl::IsInvalidArgument(txn.status())) << text;
  return std::string(txn.status().message());
}

TEST(ParseTxnTest, ConditionsAndBothLists) {
  const Txn txn = Parsed(
      "if value a = 1 mod b != 2 create c < 3 value d > 4 exists e missing f "
      "then put a 5 get b del c else get d put e 6");
  EXPECT_THAT(Shown(txn.conditions()), ElementsAre("a = 1", "b ! mod 2", "c < create 3",
                                                   "d > 4", "e = exists", "f = missing"));
  EXPECT_THAT(Shown(txn.then_operations()), ElementsAre("put a 5", "get b", "del c"));
  EXPECT_THAT(Shown(txn.else_operations()), ElementsAre("get d", "put e 6"));
}

TEST(ParseTxnTest, RelationsHaveNamesThatAShellLeavesAlone) {
  EXPECT_THAT(Shown(Parsed("if value a eq 1 value a ne 2 mod a lt 3 mod a gt 4 value a "
                           "== 5")
                        .conditions()),
              ElementsAre("a = 1", "a ! 2", "a < mod 3", "a > mod 4", "a = 5"));
}

TEST(ParseTxnTest, EachPartMayBeLeftOut) {
  EXPECT_THAT(Parsed("then get a").conditions(), IsEmpty());
  EXPECT_THAT(Parsed("if exists a").then_operations(), IsEmpty());
  EXPECT_THAT(Parsed("if exists a else get a").else_operations(), SizeIs(1));
}

TEST(ParseTxnTest, KeysAndValuesMayBeWordsOfTheLanguage) {
  const Txn txn =
      Parsed("if value then = else exists if then put else then get then else del if");
  EXPECT_THAT(Shown(txn.conditions()), ElementsAre("then = else", "if = exists"));
  EXPECT_THAT(Shown(txn.then_operations()), ElementsAre("put else then", "get then"));
  EXPECT_THAT(Shown(txn.else_operations()), ElementsAre("del if"));
}

TEST(ParseTxnTest, WhatIsWrongIsNamedWithItsPlace) {
  EXPECT_THAT(ErrorOf(""), HasSubstr("word 1 is missing: expected if, then or else"));
  EXPECT_THAT(ErrorOf("get a"), HasSubstr("word 1 is get: expected if, then or else"));
  EXPECT_THAT(ErrorOf("if"), HasSubstr("word 2 is missing: expected value, mod, create"));
  EXPECT_THAT(ErrorOf("if then put a 1"),
              HasSubstr("word 2 is then: expected value, mod, create"));
  EXPECT_THAT(ErrorOf("then"), HasSubstr("word 2 is missing: expected get, put or del"));
  EXPECT_THAT(ErrorOf("if exists a then else put a 1"),
              HasSubstr("word 5 is else: expected get, put or del"));
  EXPECT_THAT(ErrorOf("if version a"),
              HasSubstr("word 2 is version: expected value, mod, create"));
  EXPECT_THAT(ErrorOf("if value"), HasSubstr("word 3 is missing: expected a key"));
  EXPECT_THAT(ErrorOf("if value a ~ 1"), HasSubstr("word 4 is ~: expected =, !=, <, >"));
  EXPECT_THAT(ErrorOf("if value a ="), HasSubstr("word 5 is missing: expected a value"));
  EXPECT_THAT(ErrorOf("if mod a = x"), HasSubstr("word 5 is x: expected a revision"));
  EXPECT_THAT(ErrorOf("if mod a = -1"), HasSubstr("expected a revision"));
  EXPECT_THAT(ErrorOf("if mod a = 18446744073709551616"), HasSubstr("a revision"));
  EXPECT_THAT(ErrorOf("then put a"), HasSubstr("word 4 is missing: expected a value"));
  EXPECT_THAT(ErrorOf("then delete a"),
              HasSubstr("word 2 is delete: expected get, put or del"));
  EXPECT_THAT(ErrorOf("else get a then get b"),
              HasSubstr("word 4 is then: expected get, put, del or else"));
  EXPECT_THAT(ErrorOf("then get a else get b else get c"),
              HasSubstr("word 7 is else: expected if, then or else, once each"));
}

TEST(SplitWordsTest, WordsAreBetweenWhiteSpace) {
  EXPECT_THAT(SplitWords(" a \t\n bb\r\nc").value(), ElementsAre("a", "bb", "c"));
  EXPECT_THAT(SplitWords("").value(), IsEmpty());
  EXPECT_THAT(SplitWords(" \n").value(), IsEmpty());
}

TEST(SplitWordsTest, QuotedWordsMayHoldAnything) {
  EXPECT_THAT(SplitWords(R"("two words" "" "\"\\\n\xff" a"b)").value(),
              ElementsAre("two words", "", "\"\\\n\xff", "a\"b"));
  EXPECT_THAT(SplitWords("\"a\nb\"").value(), ElementsAre("a\nb"));
}

TEST(SplitWordsTest, LinesThatAreCommentsAreLeftOut) {
  EXPECT_THAT(SplitWords("# b \"\na\n \t#c\nd #e\n#").value(),
              ElementsAre("a", "d", "#e"));
  EXPECT_THAT(SplitWords("a#b \"#\" \"\n\" #").value(),
              ElementsAre("a#b", "#", "\n", "#"));
}

TEST(SplitWordsTest, WhatIsWrongIsNamedWithItsLine) {
  const auto error = [](std::string_view text) {
    return std::string(SplitWords(text).status().message());
  };
  EXPECT_EQ(error("a\n\"b"), "standard input:2: a double quote that is not closed");
  EXPECT_EQ(error("\"b\\\""), "standard input:1: a double quote that is not closed");
  EXPECT_EQ(error("\"b\"c"),
            "standard input:1: no white space behind a closing double quote");
  EXPECT_THAT(error("\n\n\"\\q\""), HasSubstr("standard input:3: "));
}

}  // namespace
}  // namespace rcukv::cli
