#include "loadtest/workload/server_facts.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

TEST(FactsOf, AServerHasItsVersionAndItsSettings) {
  v1::GetStatusResponse status;
  status.set_version("1.2.3");
  status.set_flavor(v1::MEMB);
  status.set_membarrier_mode(v1::NON_EXPEDITED);
  status.set_reclaim_mode(v1::CALL_RCU);
  status.set_read_section(v1::SECTION_PER_KEY);
  status.set_threads(2);
  status.set_store("rocksdb");
  EXPECT_EQ(ToString(FactsOf(status)),
            "rcukv 1.2.3, store rocksdb, flavor memb, membarrier_mode non_expedited, "
            "reclaim call_rcu, read_section per_key, threads 2");
}

TEST(FactsOf, WhatHasNoMeaningIsLeftOut) {
  v1::GetStatusResponse status;
  status.set_version("1");
  status.set_flavor(v1::MUTEX);
  EXPECT_EQ(ToString(FactsOf(status)), "rcukv 1, flavor mutex");
}

TEST(AskServer, WhereNobodyAnswersThereIsAReason) {
  // Nothing listens on port 1.
  const auto facts = AskServer("127.0.0.1:1", absl::Milliseconds(200));
  EXPECT_EQ(facts.status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace rcukv::loadtest
