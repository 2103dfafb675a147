// What callers do where the system does not give them their threads. By itself, as the
// library's function that makes threads is replaced, which sanitizers do as well.
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/workload/callers.h"
#include "loadtest/workload/null_target.h"
#include "loadtest/workload/records.h"

namespace {

// How many more threads the system gives.
std::atomic<int> threads_left{0};

}  // namespace

// In the place of the C library's.
extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                              void* (*function)(void*), void* argument) noexcept {
  using Create = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  static const auto create = reinterpret_cast<Create>(dlsym(RTLD_NEXT, "pthread_create"));
  if (threads_left.fetch_sub(1) <= 0) return EAGAIN;
  return create(thread, attributes, function, argument);
}

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(CallersThreads, ThatTheSystemDoesNotGiveAreAFailureThatNamesTheFlag) {
  constexpr size_t kKeys = 10;
  const Records records(1, Sizes(Sizes::kFixed, {24, 24}),
                        Sizes(Sizes::kFixed, {20, 20}));
  NullTarget target(records, kKeys);
  RevisionLedger ledger(kKeys, 1);
  Tally tally;
  Recorder recorder;
  Schedule schedule(Operations(1, *ParseWorkload("a"), {}, kKeys, /*max_scanned=*/1),
                    std::nullopt, ledger);
  const std::vector<Caller> kinds = {Caller(target, records, ledger, tally)};
  threads_left = 3;
  { const Callers running(10, kinds, schedule, recorder, tally); }
  EXPECT_EQ(tally.failure().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(tally.failure().message()),
              AllOf(HasSubstr("--callers=10: "), HasSubstr("no more than 3 threads")));
}

}  // namespace
}  // namespace rcukv::loadtest
