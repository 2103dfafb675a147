#include "bench/serve/memcache.h"

#include <string>

#include "bench/serve/reply_test.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(MemcacheText, WritesCommands) {
  std::string out;
  MemcacheText::AppendGet(kKey, &out);
  EXPECT_EQ(out, "get 0123456789abcdef\r\n");
  out.clear();
  MemcacheText::AppendMultiGet({kKey, kKey}, &out);
  EXPECT_EQ(out, "get 0123456789abcdef 0123456789abcdef\r\n");
  out.clear();
  MemcacheText::AppendSet(kKey, "green", &out);
  EXPECT_EQ(out, "set 0123456789abcdef 0 0 5\r\ngreen\r\n");
}

TEST(MemcacheText, AReplyMayArriveInAnyPieces) {
  // A value may look like the protocol.
  const std::string reply = "VALUE a 0 3\r\nred\r\nVALUE b 0 5\r\nEND\r\n\r\nEND\r\n";
  for (size_t piece = 1; piece <= reply.size(); ++piece) {
    const Taken taken = TakeInPieces(MemcacheText(), reply, piece);
    EXPECT_EQ(taken.step, ReplyStep::kEnd);
    EXPECT_THAT(taken.values, ElementsAre("red", "END\r\n"));
    EXPECT_EQ(taken.rest, "");
  }
}

TEST(MemcacheText, AKeyThatDoesNotExistIsLeftOut) {
  const Taken taken = TakeInPieces(MemcacheText(), "END\r\n", 100);
  EXPECT_EQ(taken.step, ReplyStep::kEnd);
  EXPECT_THAT(taken.values, IsEmpty());
}

TEST(MemcacheText, ErrorsAndNonsenseAreBroken) {
  for (const char* reply : {"ERROR\r\n", "SERVER_ERROR out of memory\r\n", "VALUE\r\n",
                            "VALUE a 0 x\r\n", "VALUE a 0 1\r\nabc\r\n"}) {
    EXPECT_EQ(TakeInPieces(MemcacheText(), reply, 100).step, ReplyStep::kBroken) << reply;
  }
}

TEST(MemcacheMeta, WritesCommands) {
  std::string out;
  MemcacheMeta::AppendGet(kKey, &out);
  EXPECT_EQ(out, "mg 0123456789abcdef v\r\n");
  out.clear();
  MemcacheMeta::AppendMultiGet({kKey, kKey}, &out);
  EXPECT_EQ(out, "mg 0123456789abcdef v q\r\nmg 0123456789abcdef v q\r\nmn\r\n");
}

TEST(MemcacheMeta, AReplyMayArriveInAnyPieces) {
  const std::string get = "VA 5\r\ngreen\r\n";
  for (size_t piece = 1; piece <= get.size(); ++piece) {
    const Taken one = TakeInPieces(ForGet<MemcacheMeta>(), get, piece);
    EXPECT_EQ(one.step, ReplyStep::kEnd);
    EXPECT_THAT(one.values, ElementsAre("green"));
  }
  const std::string values = "VA 3\r\nred\r\nVA 4\r\nMN\r\n\r\nMN\r\n";
  for (size_t piece = 1; piece <= values.size(); ++piece) {
    const Taken two = TakeInPieces(ForMultiGet<MemcacheMeta>(), values, piece);
    EXPECT_EQ(two.step, ReplyStep::kEnd);
    EXPECT_THAT(two.values, ElementsAre("red", "MN\r\n"));
    EXPECT_EQ(two.rest, "");
  }
}

TEST(MemcacheMeta, ErrorsMissingKeysAndNonsenseAreBroken) {
  for (const char* reply :
       {"EN\r\n", "CLIENT_ERROR bad\r\n", "VA x\r\n", "VA 1\r\nabc\r\n", "MN\r\n"}) {
    EXPECT_EQ(TakeInPieces(ForGet<MemcacheMeta>(), reply, 100).step, ReplyStep::kBroken)
        << reply;
  }
  EXPECT_EQ(TakeInPieces(ForMultiGet<MemcacheMeta>(), "EN\r\n", 100).step,
            ReplyStep::kBroken);
}

}  // namespace
}  // namespace rcukv::bench
