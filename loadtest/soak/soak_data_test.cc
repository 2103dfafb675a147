#include "loadtest/soak/soak_data.h"

#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

using testing::HasSubstr;

constexpr size_t kKeys = 1000;
constexpr uint64_t kWrites = 20;

class SoakDataTest : public testing::Test {
 protected:
  std::string Error(size_t index, const std::optional<std::string_view>& answer,
                    WriteRange writes) {
    return std::string(data_.Check(index, answer, writes).message());
  }

  // A key of which this write is a delete, and the next two are not.
  size_t KeyDeletedBy(uint64_t write) {
    size_t index = 0;
    while (!data_.IsDelete(index, write) || data_.IsDelete(index, write + 1) ||
           data_.IsDelete(index, write + 2)) {
      ++index;
    }
    return index;
  }

  const SoakData data_{7, kKeys};
};

TEST_F(SoakDataTest, KeysAreOfOneSizeAndEachIsThereOnce) {
  std::set<std::string> keys;
  for (size_t index = 0; index < kKeys; ++index) keys.insert(data_.Key(index));
  EXPECT_EQ(keys.size(), kKeys);
  for (const std::string& key : keys) EXPECT_EQ(key.size(), SoakData::kKeyBytes);
}

TEST_F(SoakDataTest, EveryWriteImpliesWhatIsReadAfterIt) {
  for (size_t index = 0; index < kKeys; ++index) {
    for (uint64_t write = 0; write < kWrites; ++write) {
      const WriteRange only = {write, write};
      if (data_.IsDelete(index, write)) {
        EXPECT_TRUE(data_.Check(index, std::nullopt, only).ok());
      } else {
        const std::string value = data_.Value(index, write);
        EXPECT_TRUE(data_.Check(index, value, only).ok());
        EXPECT_FALSE(data_.Check(index, std::nullopt, only).ok());
      }
    }
  }
}

TEST_F(SoakDataTest, SizesAndDeletesAreOfAnyWriteAsOfTheFirst) {
  for (const uint64_t write : {uint64_t{0}, uint64_t{1}, uint64_t{1'000'000}}) {
    size_t deletes = 0, small = 0, medium = 0, large = 0;
    for (size_t index = 0; index < 10'000; ++index) {
      if (data_.IsDelete(index, write)) {
        ++deletes;
        continue;
      }
      const size_t bytes = data_.Value(index, write).size();
      EXPECT_GE(bytes, SoakData::kMinValueBytes);
      EXPECT_LE(bytes, SoakData::kMaxValueBytes);
      ++(bytes <= 200 ? small : bytes <= 2048 ? medium : large);
    }
    EXPECT_NEAR(deletes, 312, 100);
    EXPECT_NEAR(small, 8138, 250);
    EXPECT_NEAR(medium, 1453, 200);
    EXPECT_NEAR(large, 97, 50);
  }
}

TEST_F(SoakDataTest, AnyOtherByteIsWrong) {
  const size_t index = KeyDeletedBy(0);
  const std::string value = data_.Value(index, 1);
  for (size_t at = 0; at < value.size(); ++at) {
    std::string other = value;
    other[at] ^= 1;
    EXPECT_FALSE(data_.Check(index, other, {1, 1}).ok()) << at;
  }
  EXPECT_FALSE(data_.Check(index, value + "x", {1, 1}).ok());
  EXPECT_FALSE(data_.Check(index, value.substr(0, value.size() - 1), {1, 1}).ok());
  EXPECT_THAT(Error(index, "", {1, 1}), HasSubstr("a value of 0 bytes"));
  EXPECT_THAT(Error(index + 1, value, {1, 1}), HasSubstr("not a value of this key: "));
}

TEST_F(SoakDataTest, AValueThatWasReplacedBeforeTheReadBeganIsWrong) {
  const size_t index = KeyDeletedBy(0);
  const std::string value = data_.Value(index, 1);
  EXPECT_TRUE(data_.Check(index, value, {1, 2}).ok());
  EXPECT_THAT(Error(index, value, {2, 2}),
              HasSubstr("the value of write 1; write 2 is the newest"));
  EXPECT_THAT(Error(index, value, {2, 3}), HasSubstr("writes 2 to 3 are possible"));
}

TEST_F(SoakDataTest, AValueThatWasNotSentYetIsWrong) {
  const size_t index = KeyDeletedBy(0);
  EXPECT_THAT(Error(index, data_.Value(index, 2), {1, 1}),
              HasSubstr("the value of write 2; write 1 is the newest"));
}

TEST_F(SoakDataTest, AKeyIsAbsentOnlyWhileADeleteMayBeItsNewestWrite) {
  const size_t index = KeyDeletedBy(4);
  EXPECT_TRUE(data_.Check(index, std::nullopt, {4, 4}).ok());
  EXPECT_TRUE(data_.Check(index, std::nullopt, {4, 6}).ok());
  EXPECT_THAT(Error(index, std::nullopt, {5, 6}),
              HasSubstr("not found, and no delete can be the cause"));
}

}  // namespace
}  // namespace rcukv::loadtest
