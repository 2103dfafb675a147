#include "loadtest/workload/workload.h"

#include <string>

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

TEST(ParseWorkload, KnowsThoseOfYcsb) {
  struct {
    const char* name;
    const char* shares;
    KeyDistribution::Kind keys;
  } const kExpected[] = {
      {"a", "50 % get, 50 % put", KeyDistribution::kZipf},
      {"b", "95 % get, 5 % put", KeyDistribution::kZipf},
      {"c", "100 % get", KeyDistribution::kZipf},
      {"d", "95 % get, 5 % insert", KeyDistribution::kLatest},
      {"e", "5 % insert, 95 % scan", KeyDistribution::kZipf},
      {"f", "50 % get, 50 % rmw", KeyDistribution::kZipf},
  };
  for (const auto& expected : kExpected) {
    const auto workload = ParseWorkload(expected.name);
    ASSERT_TRUE(workload.ok()) << workload.status();
    EXPECT_EQ(DescribeShares(*workload), expected.shares);
    EXPECT_EQ(workload->keys, expected.keys);
    EXPECT_EQ(workload->name, expected.name);
  }
}

TEST(ParseWorkload, TakesSharesOfAnySum) {
  const auto workload = ParseWorkload("get:6,put:3,rmw:1");
  ASSERT_TRUE(workload.ok()) << workload.status();
  EXPECT_EQ(DescribeShares(*workload), "60 % get, 30 % put, 10 % rmw");
}

TEST(ParseWorkload, NamesWhatThereIsWhereThereIsNoSuchOne) {
  for (const char* text : {"", "g", "B", "get", "get:", "get:-1", "get:0", "fly:1",
                           "get:1,", "get:1:2", "get:nan", "get:inf"}) {
    const auto workload = ParseWorkload(text);
    EXPECT_EQ(workload.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_NE(std::string(workload.status().message()).find("a, b, c, d, e and f"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace rcukv::loadtest
