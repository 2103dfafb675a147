#include "loadtest/workload/records.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

const Records kRecords(1, Sizes(Sizes::kUniform, {16, 40}),
                       Sizes(Sizes::kUniform, {16, 60}));

TEST(Records, NoTwoKeysAreTheSameAndEachTellsItsIndex) {
  std::set<std::string> keys;
  for (size_t index = 0; index < 10'000; ++index) {
    const std::string key = kRecords.Key(index);
    EXPECT_GE(key.size(), 16u);
    EXPECT_LE(key.size(), 40u);
    EXPECT_TRUE(keys.insert(key).second);
    EXPECT_EQ(kRecords.IndexOf(key), index);
  }
}

TEST(Records, AForeignKeyHasNoIndex) {
  const std::string key = kRecords.Key(7);
  for (const std::string& foreign :
       {std::string(), std::string("lt/"), std::string("lt/............."), key + "x",
        "LT" + key.substr(2), key.substr(0, 15)}) {
    EXPECT_EQ(kRecords.IndexOf(foreign), std::nullopt) << foreign;
  }
}

TEST(Records, WhatWasWrittenIsRight) {
  for (size_t index = 0; index < 100; ++index) {
    for (uint64_t number = 0; number < 100; ++number) {
      const std::string value = kRecords.Value(index, number);
      EXPECT_TRUE(kRecords.Check(index, value).ok());
    }
  }
}

TEST(Records, AnythingElseIsWrong) {
  const std::string value = kRecords.Value(3, 5);
  ASSERT_GT(value.size(), 16u);
  EXPECT_FALSE(kRecords.Check(3, "").ok());
  EXPECT_FALSE(kRecords.Check(3, value.substr(0, value.size() - 1)).ok());
  EXPECT_FALSE(kRecords.Check(3, value + "x").ok());
  EXPECT_FALSE(kRecords.Check(4, value).ok()) << "of another key";
  for (size_t i = 0; i < value.size(); ++i) {
    std::string changed = value;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(kRecords.Check(3, changed).ok()) << "byte " << i;
  }
  const Records other_seed(2, Sizes(Sizes::kUniform, {16, 40}),
                           Sizes(Sizes::kUniform, {16, 60}));
  EXPECT_FALSE(other_seed.Check(3, value).ok());
}

}  // namespace
}  // namespace rcukv::loadtest
