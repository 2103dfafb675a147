#include "loadtest/workload/null_server.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/synchronization/notification.h"
#include "clients/cpp/client.h"
#include "gtest/gtest.h"
#include "loadtest/workload/caller.h"
#include "loadtest/workload/records.h"
#include "loadtest/workload/server_target.h"

namespace rcukv::loadtest {
namespace {

constexpr size_t kEntries = 50;

class NullServerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto server = NullServer::Start(records_, kEntries);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    auto client = Client::Connect(server_->address());
    ASSERT_TRUE(client.ok()) << client.status();
    target_ = std::make_unique<ServerTarget>(*std::move(client), "default");
  }

  const Records records_{1, Sizes(Sizes::kFixed, {24, 24}),
                         Sizes(Sizes::kUniform, {20, 200})};
  std::unique_ptr<NullServer> server_;
  std::unique_ptr<ServerTarget> target_;
};

// Otherwise the cost would be that of counting wrong answers.
TEST_F(NullServerTest, ItsAnswersAreRight) {
  RevisionLedger ledger(kEntries, 1);
  ledger.Grow(2 * kEntries);
  Tally tally;
  const Caller caller(*target_, records_, ledger, tally);
  for (size_t index = 0; index < 2 * kEntries; ++index) {
    for (const OperationKind kind :
         {OperationKind::kGet, OperationKind::kPut, OperationKind::kGet,
          OperationKind::kReadModifyWrite, OperationKind::kScan}) {
      const auto times =
          caller.Do({.number = 5, .kind = kind, .index = index, .scanned = 10});
      ASSERT_TRUE(times.ok()) << times.status();
    }
  }
  EXPECT_EQ(tally.wrong(), 0u) << tally.first_wrong();
}

TEST_F(NullServerTest, GetsThatShareCallsAreAnsweredRightly) {
  RevisionLedger ledger(kEntries, 1);
  Tally tally;
  const Caller caller(*target_, records_, ledger, tally);
  constexpr size_t kGets = 1000;
  absl::Notification all;
  size_t answered = 0;
  for (size_t i = 0; i < kGets; ++i) {
    caller.DoAsync({.number = i, .index = i % kEntries},
                   [&](const absl::StatusOr<CallTimes>& times) {
                     EXPECT_TRUE(times.ok()) << times.status();
                     if (++answered == kGets) all.Notify();
                   });
  }
  all.WaitForNotification();
  EXPECT_EQ(tally.wrong(), 0u) << tally.first_wrong();
}

TEST_F(NullServerTest, BatchesAreAnsweredRightly) {
  RevisionLedger ledger(kEntries, 1);
  Tally tally;
  const Caller caller(*target_, records_, ledger, tally);
  const Operation batch = {.number = 1, .index = 7, .more = {8, 0, 49, 7}};
  const auto times = caller.Do(batch);
  ASSERT_TRUE(times.ok()) << times.status();
  absl::Notification answered;
  caller.DoAsync(batch, [&](const absl::StatusOr<CallTimes>& async_times) {
    EXPECT_TRUE(async_times.ok()) << async_times.status();
    answered.Notify();
  });
  answered.WaitForNotification();
  EXPECT_EQ(tally.wrong(), 0u) << tally.first_wrong();
}

TEST_F(NullServerTest, RefusesWhatItDoesNotKnow) {
  const auto deleted = target_->client().Delete("key");
  EXPECT_EQ(deleted.status().code(), absl::StatusCode::kUnimplemented);
  const auto value = target_->client().Get("another's key");
  EXPECT_EQ(value.status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(NullServerTest, EndsWithItsClientsThere) {
  ASSERT_TRUE(target_->Get(records_.Key(0)).ok());
  server_.reset();
  EXPECT_FALSE(target_->Get(records_.Key(0)).ok());
}

}  // namespace
}  // namespace rcukv::loadtest
