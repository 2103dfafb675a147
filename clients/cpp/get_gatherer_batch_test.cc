// BatchGets, alone and together with Gets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "clients/cpp/get_gatherer_for_test.h"

namespace rcukv::internal {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

void ExpectValues(const GetGatherer::Results& results, int first, size_t count) {
  ASSERT_TRUE(results.ok()) << results.status();
  ASSERT_THAT(*results, SizeIs(count));
  for (size_t i = 0; i < count; ++i) {
    const std::optional<ValueView>& value = (*results)[i];
    ASSERT_TRUE(value.has_value()) << i;
    EXPECT_EQ(value->value, absl::StrCat("value", first + i));
  }
}

TEST_F(GetGathererTest, ThreadsThatGetAndBatchGetShareCallsAndHaveTheirOwnValues) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 16; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 50; ++i) {
        const int first = (thread * 31 + i * 7) % 80;
        ExpectValues(gatherer_->BatchGet(Keys(first, 1 + i % 20), {}), first, 1 + i % 20);
        ASSERT_EQ(ValueOf(gatherer_->Get(Key(first), {})), absl::StrCat("value", first));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LT(server_.Reads().size(), size_t{16} * 50 * 2) << "nothing was gathered";
}

TEST_F(GetGathererTest, KeysThatDoNotExistAreNothingInTheirPlaces) {
  const GetGatherer::Results results =
      gatherer_->BatchGet(std::vector<std::string>{"none", Key(1), "none"}, {});
  ASSERT_TRUE(results.ok()) << results.status();
  ASSERT_THAT(*results, SizeIs(3));
  EXPECT_FALSE((*results)[0].has_value());
  EXPECT_EQ((*results)[1]->value, "value1");
  EXPECT_FALSE((*results)[2].has_value());
}

TEST_F(GetGathererTest, ABatchGetIsRefusedAsAWholeAndOthersAreNot) {
  server_.FailGetsWith([](const v1::BatchGetRequest& request) {
    for (const std::string& key : request.keys()) {
      if (key == "bad") return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "bad");
    }
    return grpc::Status::OK;
  });
  HoldTheWay();
  std::vector<Answer> answers(20);
  for (int i = 0; i < 20; ++i) gatherer_->GetAsync(Key(i), {}, answers[i].Taker());
  absl::Notification good;
  gatherer_->BatchGetAsync(Keys(0, 9), {}, [&good](GetGatherer::Results results) {
    ExpectValues(results, 0, 9);
    good.Notify();
  });
  absl::Notification bad;
  const std::vector<std::string> bad_keys = {Key(1), "bad", Key(2)};
  gatherer_->BatchGetAsync(bad_keys, {}, [&bad](GetGatherer::Results results) {
    EXPECT_EQ(results.status(), absl::InvalidArgumentError("bad"));
    bad.Notify();
  });
  server_.Release();
  EXPECT_TRUE(good.WaitForNotificationWithTimeout(kLong));
  EXPECT_TRUE(bad.WaitForNotificationWithTimeout(kLong));
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(ValueOf(answers[i].Await()), absl::StrCat("value", i));
  }
  std::vector<size_t> sizes_with_bad;
  for (const std::vector<std::string>& read : server_.Reads()) {
    if (std::find(read.begin(), read.end(), "bad") != read.end()) {
      sizes_with_bad.push_back(read.size());
    }
  }
  EXPECT_THAT(sizes_with_bad, Contains(32)) << "it was not asked for with others";
  EXPECT_THAT(sizes_with_bad, Contains(3)) << "it was not asked for alone";
  EXPECT_THAT(sizes_with_bad, Each(Ge(3))) << "it was parted";
}

TEST_F(GetGathererTest, ABatchGetWithAKeyThatIsRefusedAsARuleGoesAlone) {
  HoldTheWay();
  Answer other;
  gatherer_->GetAsync(Key(1), {}, other.Taker());
  const std::vector<std::string> empty = {Key(2), "", Key(3)};
  const std::vector<std::string> longer = {Key(2), std::string(5000, 'k')};
  absl::Notification done[2];
  gatherer_->BatchGetAsync(empty, {}, [&](GetGatherer::Results) { done[0].Notify(); });
  gatherer_->BatchGetAsync(longer, {}, [&](GetGatherer::Results) { done[1].Notify(); });
  server_.Release();
  EXPECT_TRUE(done[0].WaitForNotificationWithTimeout(kLong));
  EXPECT_TRUE(done[1].WaitForNotificationWithTimeout(kLong));
  EXPECT_EQ(ValueOf(other.Await()), "value1");
  EXPECT_THAT(server_.Reads(), AllOf(Contains(empty), Contains(longer)));
}

TEST_F(GetGathererTest, ABatchGetThatDoesNotBlockSharesACallWithOthers) {
  HoldTheWay();
  Answer one;
  gatherer_->GetAsync(Key(1), {}, one.Taker());
  absl::Notification done[3];
  for (int i = 0; i < 3; ++i) {
    gatherer_->BatchGetAsync(Keys(10 * i, 10), {},
                             [&done, i](GetGatherer::Results results) {
                               ExpectValues(results, 10 * i, 10);
                               done[i].Notify();
                             });
  }
  server_.Release();
  EXPECT_EQ(ValueOf(one.Await()), "value1");
  for (const absl::Notification& notification : done) {
    EXPECT_TRUE(notification.WaitForNotificationWithTimeout(kLong));
  }
  EXPECT_THAT(server_.Reads(), UnorderedElementsAre(SizeIs(1), SizeIs(1), SizeIs(31)));
}

TEST_F(GetGathererTest, ABatchGetThatDoesNotBlockIsAnsweredAtItsDeadline) {
  HoldTheWay();
  absl::Notification done;
  gatherer_->BatchGetAsync(
      Keys(0, 3), {.timeout = kShort}, [&done](GetGatherer::Results results) {
        EXPECT_TRUE(absl::IsDeadlineExceeded(results.status()));
        EXPECT_THAT(std::string(results.status().message()), HasSubstr("BatchGet"));
        done.Notify();
      });
  EXPECT_TRUE(done.WaitForNotificationWithTimeout(kLong));
  server_.Release();
}

TEST_F(GetGathererTest, ABatchGetEndsAtItsDeadlineUnderItsOwnName) {
  HoldTheWay();
  const absl::Status status =
      gatherer_->BatchGet(Keys(0, 3), {.timeout = kShort}).status();
  EXPECT_TRUE(absl::IsDeadlineExceeded(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("BatchGet"));
  server_.Release();
}

}  // namespace
}  // namespace rcukv::internal
