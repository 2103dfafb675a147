#include "clients/cli/status_text.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

namespace rcukv::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(StatusTextTest, EverythingInAStatusIsShown) {
  v1::GetStatusResponse status;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"pb(
        version: "1.2.3"
        flavor: MEMB
        membarrier_mode: NON_EXPEDITED
        reclaim_mode: CALL_RCU
        grace_periods {
          completed: 1234
          last_ns: 5600
          recent_p50_ns: 7000000
          recent_max_ns: 80000000
          max_ns: 9000000000
          latency { upper_bound_ns: 1000 count: 10 }
          latency { upper_bound_ns: 2000 count: 980 }
          latency { upper_bound_ns: 4000 }
          latency { upper_bound_ns: 8000 count: 240 }
          latency { count: 4 }
          latency_sum_ns: 12340000
          holdouts: 3
          last_holdout { thread_name: "serve-1" tid: 4243 waited_ns: 2000000000 }
        }
        backlog { entries: 1 bytes: 2048 limit_bytes: 67108864 }
        readers: 2
        tables { name: "default" entries: 63666 bytes: 52428800 bucket_bytes: 1048576 }
        tables { name: "a-longer-name" entries: 1 bytes: 100 bucket_bytes: 64 }
        revision: 99999
        uptime_seconds: 3725.9
        process_cpu_seconds: 12.345
        memory {
          allocated_bytes: 1073741824
          resident_bytes: 2147483648
          process_resident_bytes: 3221225472
        }
        calls: 123456
        read_section: SECTION_PER_BATCH
        threads: 2
        store: "memory"
        pid: 4242
        membarrier { expedited_calls: 5000 non_expedited_calls: 6 expedited_budget: 1000 }
      )pb",
      &status));
  EXPECT_EQ(StatusText(status),
            R"(server         rcukv 1.2.3, pid 4242, up 1h2m5s
store          memory
protection     memb, membarrier non-expedited, reclaim call_rcu, read section per_batch
grace periods  1,234 completed; last 5.6 us, recent median 7.0 ms, recent max 80.0 ms, longest 9.0 s
               of all, p50 up to 2.0 us, p99 up to 8.0 us, mean 10.0 us
holdouts       3; the newest had waited 2.0 s for thread serve-1 (tid 4243)
membarrier     calls: 5,000 expedited, 6 non-expedited, 0 global-expedited
backlog        1 entry, 2.0 KiB of 64.0 MiB
readers        2
revision       99,999
calls          123,456 by 2 threads
cpu            12.35 s
memory         1.0 GiB allocated, 2.0 GiB resident; the process has 3.0 GiB

TABLE                 ENTRIES        BYTES      BUCKETS
default                63,666     50.0 MiB      1.0 MiB
a-longer-name               1        100 B         64 B
)");
}

TEST(StatusTextTest, AServerThatTakesNoMoreWritesSaysWhy) {
  v1::GetStatusResponse status;
  EXPECT_THAT(StatusText(status), Not(HasSubstr("WRITES")));
  status.set_write_failure("the store failed to write in /data: disk full");
  EXPECT_THAT(
      StatusText(status),
      HasSubstr("\nWRITES STOPPED the store failed to write in /data: disk full\n"));
}

TEST(StatusTextTest, TheBudgetIsShownWhereItBinds) {
  v1::GetStatusResponse status;
  status.mutable_membarrier()->set_expedited_budget(1000);
  EXPECT_THAT(StatusText(status), Not(HasSubstr("membarrier")));
  status.set_membarrier_mode(v1::EXPEDITED);
  EXPECT_THAT(StatusText(status), Not(HasSubstr("budget")));
  status.set_membarrier_mode(v1::ADAPTIVE);
  EXPECT_THAT(StatusText(status), HasSubstr("; budget 1,000 expedited a second\n"));
}

TEST(StatusTextTest, LatenciesPastTheLastBoundAreSaidToBe) {
  v1::GetStatusResponse status;
  v1::GracePeriods& periods = *status.mutable_grace_periods();
  periods.add_latency()->set_upper_bound_ns(1000);
  EXPECT_THAT(StatusText(status), Not(HasSubstr("p50")));
  periods.add_latency()->set_count(1);
  periods.set_latency_sum_ns(5000);
  EXPECT_THAT(StatusText(status),
              HasSubstr("p50 over 1.0 us, p99 over 1.0 us, mean 5.0 us"));
}

TEST(StatusTextTest, AHoldoutOfAnUnknownReaderHasNoName) {
  v1::GetStatusResponse status;
  v1::GracePeriods& periods = *status.mutable_grace_periods();
  EXPECT_THAT(StatusText(status), HasSubstr("holdouts       0\n"));
  periods.set_holdouts(1);
  periods.mutable_last_holdout()->set_waited_ns(1'500'000'000);
  EXPECT_THAT(StatusText(status),
              HasSubstr("holdouts       1; the newest had waited 1.5 s\n"));
}

TEST(StatusTextTest, AModeOfANewerServerIsANumber) {
  EXPECT_EQ(NameOf(static_cast<v1::MembarrierMode>(99)), "99");
  EXPECT_EQ(NameOf(v1::MEMBARRIER_MODE_UNSPECIFIED), "none");
  EXPECT_EQ(NameOf(v1::RWLOCK), "rwlock");
}

TEST(LookupsTextTest, LookupsThatTheServerCutShortAreMarked) {
  v1::RunLookupsResponse response;
  response.set_lookups(1000);
  response.set_seconds(1.47);
  EXPECT_TRUE(WasCutShort(response, absl::Seconds(20)));
  EXPECT_THAT(LookupsText(response, absl::Seconds(20)),
              HasSubstr("1.470 s of the 20 s asked for: the server cut it short"));
  EXPECT_FALSE(WasCutShort(response, absl::Milliseconds(1470)));
  EXPECT_THAT(LookupsText(response, absl::Milliseconds(1470)), Not(HasSubstr("asked")));
}

TEST(LookupsTextTest, AnEmptyTableIsNotCutShort) {
  const v1::RunLookupsResponse response;
  EXPECT_FALSE(WasCutShort(response, absl::Seconds(1)));
  EXPECT_THAT(LookupsText(response, absl::Seconds(1)), HasSubstr("the table is empty"));
}

}  // namespace
}  // namespace rcukv::cli
