#include "loadtest/flip/flip_load.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

using testing::HasSubstr;

// A table of its own; any number of threads.
class MapTarget : public Target {
 public:
  MapTarget(const Records& records, size_t entries) {
    for (size_t index = 0; index < entries; ++index) {
      values_[records.Key(index)] = {.value = records.Value(index, 0), .mod_revision = 1};
    }
  }

  absl::StatusOr<std::optional<Value>> Get(const std::string& key) override {
    absl::MutexLock lock(&mutex_);
    ++gets_;
    if (corrupt) return Value{.value = "not what anybody wrote", .mod_revision = 1'000};
    return values_.at(key);
  }

  absl::StatusOr<uint64_t> Put(const std::string& key, const std::string& value,
                               std::optional<uint64_t>) override {
    absl::MutexLock lock(&mutex_);
    ++puts_;
    if (full) return absl::ResourceExhaustedError("full");
    values_[key] = {.value = value, .mod_revision = ++revision_};
    return revision_;
  }

  absl::StatusOr<std::vector<Entry>> Scan(size_t) override {
    return absl::UnimplementedError("nobody scans");
  }

  void AwaitCalls(int gets, int puts) {
    absl::MutexLock lock(&mutex_);
    const auto done = [&] { return gets_ >= gets && puts_ >= puts; };
    mutex_.Await(absl::Condition(&done));
  }

  bool corrupt = false;
  bool full = false;

 private:
  absl::Mutex mutex_;
  std::map<std::string, Value> values_;
  uint64_t revision_ = 1;
  int gets_ = 0;
  int puts_ = 0;
};

class FlipLoadTest : public testing::Test {
 protected:
  FlipLoadTest() {
    options_.entries = 20;
    options_.rate = 5000;
    options_.write_rate = 5000;
    options_.callers = 4;
    options_.write_callers = 3;
  }

  FlipOptions options_;
  const Records records_ =
      Records(1, Sizes(Sizes::kFixed, {24, 24}), Sizes(Sizes::kFixed, {40, 40}));
  MapTarget target_ = MapTarget(records_, 20);
};

TEST_F(FlipLoadTest, ReadsAndWritesAreRecordedApartAndAllOfThemAreRight) {
  FlipLoad load(options_, records_, target_, target_, 1);
  target_.AwaitCalls(200, 100);
  load.Stop();
  const auto reads = load.reads().Take();
  const auto writes = load.writes().Take();
  EXPECT_GE(reads->count(OperationKind::kGet), 200u);
  EXPECT_EQ(reads->count(), reads->count(OperationKind::kGet));
  EXPECT_GE(writes->count(OperationKind::kPut), 100u);
  EXPECT_EQ(writes->count(), writes->count(OperationKind::kPut));
  EXPECT_EQ(load.tally().wrong(), 0u) << load.tally().first_wrong();
  EXPECT_FALSE(load.tally().failed()) << load.tally().failure();
}

TEST_F(FlipLoadTest, AWrongValueIsCounted) {
  target_.corrupt = true;
  FlipLoad load(options_, records_, target_, target_, 1);
  target_.AwaitCalls(10, 0);
  load.Stop();
  EXPECT_GE(load.tally().wrong(), 10u);
  EXPECT_THAT(load.tally().first_wrong(), HasSubstr("key lt/"));
}

TEST_F(FlipLoadTest, ACallThatFailsEndsBothLoops) {
  target_.full = true;
  FlipLoad load(options_, records_, target_, target_, 1);
  target_.AwaitCalls(0, 1);
  load.Stop();
  EXPECT_TRUE(absl::IsResourceExhausted(load.tally().failure()));
}

}  // namespace
}  // namespace rcukv::loadtest
