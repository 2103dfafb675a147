// What needs no server; the rest: dump_test.py.
#include "clients/cli/restorer.h"

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "clients/cli/dump/dump_piece.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::cli {
namespace {

using ::testing::HasSubstr;

TEST(RestorerTest, AnEntryThatExpiresIsRefusedAndNamed) {
  DumpBlock block = {.table = "t", .entries = {{.key = "a", .value = "1"}}};
  EXPECT_TRUE(CheckRestorable(block).ok());
  block.entries.push_back(
      {.key = "b", .value = "", .expire_time = absl::FromUnixSeconds(2e9)});
  const absl::Status status = CheckRestorable(block);
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("table t, key \"b\": it expires at 2033-"));
}

}  // namespace
}  // namespace rcukv::cli
