#include "bench/serve/resp.h"

#include <string>

#include "bench/serve/reply_test.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Resp, WritesCommandsAsArraysOfBulkStrings) {
  std::string out;
  Resp::AppendGet(kKey, &out);
  EXPECT_EQ(out, "*2\r\n$3\r\nGET\r\n$16\r\n0123456789abcdef\r\n");
  out.clear();
  Resp::AppendMultiGet({kKey, kKey}, &out);
  EXPECT_EQ(out,
            "*3\r\n$4\r\nMGET\r\n$16\r\n0123456789abcdef\r\n"
            "$16\r\n0123456789abcdef\r\n");
  out.clear();
  Resp::AppendSet(kKey, "green", &out);
  EXPECT_EQ(out, "*3\r\n$3\r\nSET\r\n$16\r\n0123456789abcdef\r\n$5\r\ngreen\r\n");
}

TEST(Resp, AReplyMayArriveInAnyPieces) {
  const std::string get = "$5\r\ngreen\r\n";
  const std::string multi_get = "*2\r\n$3\r\nred\r\n$4\r\n\r\n\r\n\r\n";
  for (size_t piece = 1; piece <= multi_get.size(); ++piece) {
    const Taken one = TakeInPieces(ForGet<Resp>(), get, piece);
    EXPECT_EQ(one.step, ReplyStep::kEnd);
    EXPECT_THAT(one.values, ElementsAre("green"));
    const Taken two = TakeInPieces(ForMultiGet<Resp>(), multi_get, piece);
    EXPECT_EQ(two.step, ReplyStep::kEnd);
    EXPECT_THAT(two.values, ElementsAre("red", "\r\n\r\n"));
    EXPECT_EQ(two.rest, "");
  }
}

TEST(Resp, WhatFollowsAReplyIsLeft) {
  const Taken taken = TakeInPieces(ForGet<Resp>(), "$1\r\na\r\n$1\r\nb\r\n", 100);
  EXPECT_EQ(taken.step, ReplyStep::kEnd);
  EXPECT_EQ(taken.rest, "$1\r\nb\r\n");
}

TEST(Resp, AnIncompleteReplyWaitsForMore) {
  EXPECT_EQ(TakeInPieces(ForMultiGet<Resp>(), "*2\r\n$1\r\na\r\n", 100).step,
            ReplyStep::kMore);
  EXPECT_EQ(TakeInPieces(ForGet<Resp>(), "$5\r\ngreen\r", 100).step, ReplyStep::kMore);
}

TEST(Resp, ErrorsMissingKeysAndNonsenseAreBroken) {
  for (const char* reply : {"-ERR unknown command\r\n", "$-1\r\n", "$x\r\n", "\r\n",
                            "$1\r\nabc\r\n", "$99999999999999999999\r\n"}) {
    const Taken taken = TakeInPieces(ForGet<Resp>(), reply, 100);
    EXPECT_EQ(taken.step, ReplyStep::kBroken) << reply;
    EXPECT_THAT(taken.values, IsEmpty());
  }
  EXPECT_EQ(TakeInPieces(ForMultiGet<Resp>(), "*-1\r\n", 100).step, ReplyStep::kBroken);
  EXPECT_EQ(TakeInPieces(ForMultiGet<Resp>(), "$1\r\na\r\n", 100).step,
            ReplyStep::kBroken);
}

}  // namespace
}  // namespace rcukv::bench
