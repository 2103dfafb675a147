#include "bench/map/row.h"

#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

TEST(Row, IsReadAsItIsWritten) {
  for (const char* text :
       {"get.uniform.1t.u0", "multiget16.zipf.2t.u10", "get_absent.uniform.64t.u100"}) {
    const absl::StatusOr<Row> row = ParseRow(text);
    ASSERT_TRUE(row.ok()) << row.status();
    EXPECT_EQ(ToString(*row), text);
  }
  EXPECT_EQ(*ParseRow("multiget16.zipf.2t.u10"),
            (Row{Access::kMultiGet, Distribution::kZipf, 2, 10}));
}

TEST(Row, WhatIsNoneIsQuoted) {
  for (const char* text :
       {"", "get", "get.uniform.1t", "get.uniform.1t.u0.x", "put.uniform.1t.u0",
        "get.normal.1t.u0", "get.uniform.0t.u0", "get.uniform.1.u0", "get.uniform.1t.0",
        "get.uniform.1t.u101", "get.uniform.t.u"}) {
    EXPECT_EQ(std::string(ParseRow(text).status().message()),
              "\"" + std::string(text) + "\" is no row like get.uniform.1t.u0");
  }
}

}  // namespace
}  // namespace rcukv::bench
