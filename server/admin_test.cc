// The calls of AdminService.
#include <gmock/gmock.h>
#include <grpcpp/support/status.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <unistd.h>

#include <chrono>
#include <latch>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "proto/rcukv/v1/admin.grpc.pb.h"
#include "proto/rcukv/v1/kv.grpc.pb.h"
#include "rcu/entry.h"
#include "server/server_for_test.h"
#include "server/table/flavors_for_test.h"
#include "server/table/protection.h"

namespace rcukv {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

using AdminTest = ServerTest;

INSTANTIATE_TEST_SUITE_P(Flavors, AdminTest, EveryFlavor(), FlavorOfTest);

TEST_P(AdminTest, GetStatusTellsWhatTheServerIs) {
  ASSERT_TRUE(Put("k", "v").ok());
  const v1::GetStatusResponse status = GetStatus();
  EXPECT_EQ(static_cast<int>(status.flavor()), static_cast<int>(GetParam()));
  EXPECT_EQ(status.membarrier_mode(),
            UsesMembarrier(GetParam()) ? v1::EXPEDITED : v1::MEMBARRIER_MODE_UNSPECIFIED);
  EXPECT_EQ(status.reclaim_mode(), v1::CALL_RCU);
  EXPECT_EQ(status.read_section(), v1::SECTION_PER_BATCH);
  EXPECT_EQ(status.revision(), 1u);
  EXPECT_EQ(status.threads(), 2u);
  EXPECT_EQ(status.store(), "memory");
  EXPECT_GT(status.memory().process_resident_bytes(), 1u << 20);
  EXPECT_EQ(status.pid(), getpid());
  EXPECT_THAT(status.version(), HasSubstr("."));
  EXPECT_GT(status.uptime_seconds(), 0);
  EXPECT_GT(status.process_cpu_seconds(), 0);
  ASSERT_THAT(status.tables(), SizeIs(1));
  EXPECT_EQ(status.tables(0).name(), "default");
  EXPECT_EQ(status.tables(0).entries(), 1u);
}

TEST_P(AdminTest, GetStatusTellsHowLongGracePeriodsTook) {
  v1::UpdateReclamationRequest synchronize;
  synchronize.set_reclaim_mode(v1::SYNCHRONIZE);
  v1::UpdateReclamationResponse before;
  ASSERT_TRUE(Call(admin_.get(), &Admin::UpdateReclamation, synchronize, &before).ok());
  ASSERT_TRUE(Put("k", "v").ok());
  ASSERT_TRUE(Put("k", "w").ok());

  const v1::GracePeriods periods = GetStatus().grace_periods();
  ASSERT_GT(periods.latency_size(), 1);
  uint64_t count = 0;
  uint64_t bound_ns = 0;
  for (int i = 0; i + 1 < periods.latency_size(); ++i) {
    EXPECT_GT(periods.latency(i).upper_bound_ns(), bound_ns);
    bound_ns = periods.latency(i).upper_bound_ns();
    count += periods.latency(i).count();
  }
  const v1::LatencyBucket& last = periods.latency(periods.latency_size() - 1);
  EXPECT_EQ(last.upper_bound_ns(), 0u);
  EXPECT_EQ(count + last.count(), periods.completed());
  EXPECT_EQ(periods.completed() > 0, HasGracePeriods(GetParam()));
  EXPECT_EQ(periods.latency_sum_ns() > 0, HasGracePeriods(GetParam()));
}

TEST_P(AdminTest, GetStatusCountsMembarriersAndTellsTheBudget) {
  options_.reclaim = ReclaimMode::kSynchronize;
  options_.expedited_budget = 77;
  Start();
  const v1::Membarrier before = GetStatus().membarrier();
  EXPECT_EQ(before.expedited_budget(), 77u);
  ASSERT_TRUE(Put("k", "v").ok());
  ASSERT_TRUE(Put("k", "w").ok());
  EXPECT_EQ(GetStatus().membarrier().expedited_calls() > before.expedited_calls(),
            UsesMembarrier(GetParam()));
}

// The reader's table is not the server's, but the domain of a flavor is the process's.
TEST_P(AdminTest, AReaderThatHoldsAGracePeriodUpIsNamed) {
  if (!HasGracePeriods(GetParam())) GTEST_SKIP() << "a lock has no grace periods";
  options_.holdout_limit = std::chrono::milliseconds(1);
  options_.reclaim = ReclaimMode::kSynchronize;
  Start();
  ASSERT_TRUE(Put("k", "v").ok());
  const auto protection = Protection::Create(GetParam()).value();
  const uint64_t before = protection->Stats().holdouts;
  std::latch inside(1);
  std::thread reader([&] {
    pthread_setname_np(pthread_self(), "slow-reader");
    protection->NewTable("mine")->LookupOne("k", [&](const rcu::Entry*) {
      inside.count_down();
      while (protection->Stats().holdouts == before) std::this_thread::yield();
    });
  });
  inside.wait();
  EXPECT_TRUE(Put("k", "w").ok());
  reader.join();
  protection->SetHoldoutLimit(std::chrono::hours(1));

  const v1::GracePeriods periods = GetStatus().grace_periods();
  EXPECT_EQ(periods.holdouts(), before + 1);
  EXPECT_GE(periods.last_holdout().waited_ns(), 1'000'000u);
  if (GetParam() != Flavor::kRseq) {  // It does not know its readers.
    EXPECT_EQ(periods.last_holdout().thread_name(), "slow-reader");
    EXPECT_GT(periods.last_holdout().tid(), 0);
  }
}

TEST_P(AdminTest, CallsAreCounted) {
  for (int i = 0; i < 10; ++i) Get("k");
  // A call is counted when its answer has gone out, which the client may see first.
  while (GetStatus().calls() < 10) {
  }
  EXPECT_EQ(GetStatus().calls(), 10u);
}

TEST_P(AdminTest, TablesAreCreatedListedAndDeleted) {
  v1::CreateTableRequest create;
  create.set_name("routes");
  v1::CreateTableResponse created;
  ASSERT_TRUE(Call(admin_.get(), &Admin::CreateTable, create, &created).ok());
  ExpectError(Call(admin_.get(), &Admin::CreateTable, create, &created),
              grpc::StatusCode::ALREADY_EXISTS, {"routes"});
  ASSERT_TRUE(Put("k", "v", {}, "routes").ok());
  EXPECT_FALSE(Get("k").has_entry());

  v1::ListTablesResponse list;
  ASSERT_TRUE(
      Call(admin_.get(), &Admin::ListTables, v1::ListTablesRequest(), &list).ok());
  ASSERT_THAT(list.tables(), SizeIs(2));
  EXPECT_EQ(list.tables(1).name(), "routes");
  EXPECT_EQ(list.tables(1).entries(), 1u);

  v1::DeleteTableRequest remove;
  remove.set_name("routes");
  v1::DeleteTableResponse removed;
  ASSERT_TRUE(Call(admin_.get(), &Admin::DeleteTable, remove, &removed).ok());
  EXPECT_EQ(removed.entries(), 1u);
  ExpectError(Put("k", "v", {}, "routes"), grpc::StatusCode::NOT_FOUND, {"routes"});
  ExpectError(Call(admin_.get(), &Admin::DeleteTable, remove, &removed),
              grpc::StatusCode::NOT_FOUND, {"routes"});
  remove.set_name("default");
  ExpectError(Call(admin_.get(), &Admin::DeleteTable, remove, &removed),
              grpc::StatusCode::FAILED_PRECONDITION, {"default"});
  create.set_name("no blanks");
  ExpectInvalid(Call(admin_.get(), &Admin::CreateTable, create, &created), {"no blanks"});
}

TEST_P(AdminTest, UpdateReclamationAnswersWhatWasBefore) {
  v1::UpdateReclamationRequest request;
  request.set_reclaim_mode(v1::SYNCHRONIZE);
  v1::UpdateReclamationResponse before;
  ASSERT_TRUE(Call(admin_.get(), &Admin::UpdateReclamation, request, &before).ok());
  EXPECT_EQ(before.previous_reclaim_mode(), v1::CALL_RCU);
  EXPECT_EQ(GetStatus().reclaim_mode(), v1::SYNCHRONIZE);
  ASSERT_TRUE(Put("k", "v").ok());
  ASSERT_TRUE(Put("k", "w").ok());

  request.Clear();
  v1::MembarrierMode previous = v1::EXPEDITED;
  for (v1::MembarrierMode mode :
       {v1::NON_EXPEDITED, v1::GLOBAL_EXPEDITED, v1::ADAPTIVE, v1::EXPEDITED}) {
    request.set_membarrier_mode(mode);
    const grpc::Status status =
        Call(admin_.get(), &Admin::UpdateReclamation, request, &before);
    if (UsesMembarrier(GetParam())) {
      ASSERT_TRUE(status.ok()) << status.error_message();
      EXPECT_EQ(before.previous_membarrier_mode(), previous);
      EXPECT_EQ(before.previous_reclaim_mode(), v1::SYNCHRONIZE);
      EXPECT_EQ(GetStatus().membarrier_mode(), mode);
      previous = mode;
    } else {
      ExpectError(status, grpc::StatusCode::FAILED_PRECONDITION,
                  {std::string(FlavorName(GetParam()))});
    }
  }
  request.set_membarrier_mode(static_cast<v1::MembarrierMode>(77));
  ExpectInvalid(Call(admin_.get(), &Admin::UpdateReclamation, request, &before),
                {"membarrier_mode", "77"});
  request.Clear();
  request.set_reclaim_mode(static_cast<v1::ReclaimMode>(78));
  ExpectInvalid(Call(admin_.get(), &Admin::UpdateReclamation, request, &before),
                {"reclaim_mode", "78"});
}

TEST_P(AdminTest, RunLookupsReportsReads) {
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(Put(absl::StrCat("k", i), "v").ok());
  v1::RunLookupsRequest request;
  request.set_threads(1);
  request.set_duration_ms(20);
  v1::RunLookupsResponse report;
  ASSERT_TRUE(Call(admin_.get(), &Admin::RunLookups, request, &report).ok());
  EXPECT_GT(report.lookups(), 0u);
  EXPECT_EQ(report.hits(), report.lookups());
  EXPECT_GT(report.reads_per_second(), 0);
  EXPECT_GT(report.reader_ns_per_read(), 0);
  EXPECT_GT(report.seconds(), 0.02);
}

TEST_P(AdminTest, RunLookupsRefusesWhatIsOverItsLimits) {
  const auto expect = [&](auto set, uint32_t value, const std::string& field) {
    v1::RunLookupsRequest request;
    (request.*set)(value);
    v1::RunLookupsResponse report;
    ExpectInvalid(Call(admin_.get(), &Admin::RunLookups, request, &report),
                  {field, absl::StrCat(value), absl::StrCat("limit is ", value - 1)});
  };
  expect(&v1::RunLookupsRequest::set_threads, 65, "threads");
  expect(&v1::RunLookupsRequest::set_duration_ms, 60'001, "duration_ms");
  expect(&v1::RunLookupsRequest::set_batch_size, 10'001, "batch_size");
  expect(&v1::RunLookupsRequest::set_sections_per_key, 1'001, "sections_per_key");
  expect(&v1::RunLookupsRequest::set_distinct_keys, 1'000'001, "distinct_keys");
}

TEST_P(AdminTest, ShutdownEndsRunLookupsEarly) {
  ASSERT_TRUE(Put("k", "v").ok());
  const auto start = std::chrono::steady_clock::now();
  std::thread client([&] {
    v1::RunLookupsRequest request;
    request.set_duration_ms(60'000);
    v1::RunLookupsResponse report;
    grpc::Status status;
    do {  // The one below may be under way.
      status = Call(admin_.get(), &Admin::RunLookups, request, &report);
    } while (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
  });
  // Until a second one is refused, the first has not begun.
  v1::RunLookupsRequest request;
  request.set_duration_ms(1);
  v1::RunLookupsResponse report;
  grpc::Status status;
  do {
    status = Call(admin_.get(), &Admin::RunLookups, request, &report);
  } while (status.ok());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(server_->Shutdown(kPatience).ok());
  client.join();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
  server_.reset();
}

}  // namespace
}  // namespace rcukv
