#include "loadtest/compare/dataset.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

TEST(Dataset, IsTheSameForTheSameSeed) {
  const Dataset one(7, 100, 50), same(7, 100, 50), other(8, 100, 50);
  EXPECT_EQ(one.key(99), same.key(99));
  EXPECT_EQ(one.Value(99, 3), same.Value(99, 3));
  EXPECT_NE(one.key(99), other.key(99));
  EXPECT_NE(one.Value(99, 3), other.Value(99, 3));
}

TEST(Dataset, EveryKeyIsThereOnce) {
  const Dataset dataset(7, 100'000, 16);
  std::set<std::string> keys;
  for (size_t index = 0; index < dataset.size(); ++index) keys.insert(dataset.key(index));
  EXPECT_EQ(keys.size(), 100'000u);
}

class DatasetOfSize : public testing::TestWithParam<size_t> {};

TEST_P(DatasetOfSize, AKeyImpliesTheValuesThatWereWrittenToIt) {
  const Dataset dataset(7, 10, GetParam());
  for (const uint64_t generation : {0, 1, 1000}) {
    const std::string value = dataset.Value(3, generation);
    EXPECT_EQ(value.size(), GetParam());
    EXPECT_TRUE(dataset.Implies(3, value, generation));
  }
}

TEST_P(DatasetOfSize, ValuesOfOtherKeysAndWritesToComeAreWrong) {
  const Dataset dataset(7, 10, GetParam());
  EXPECT_FALSE(dataset.Implies(4, dataset.Value(3, 1), 1));
  EXPECT_FALSE(dataset.Implies(3, dataset.Value(3, 2), 1));
}

TEST_P(DatasetOfSize, EveryByteCounts) {
  const Dataset dataset(7, 10, GetParam());
  const std::string value = dataset.Value(3, 1);
  for (size_t at = 0; at < value.size(); ++at) {
    std::string damaged = value;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    EXPECT_FALSE(dataset.Implies(3, damaged, 1)) << at;
  }
  EXPECT_FALSE(dataset.Implies(3, value.substr(1), 1));
  EXPECT_FALSE(dataset.Implies(3, value + "x", 1));
  EXPECT_FALSE(dataset.Implies(3, "", 1));
}

INSTANTIATE_TEST_SUITE_P(, DatasetOfSize, testing::Values(16, 17, 100, 1000));

}  // namespace
}  // namespace rcukv::loadtest
