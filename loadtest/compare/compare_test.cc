#include "loadtest/compare/compare.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

// What a layer was asked for, in order.
struct Asked {
  int layer;
  size_t number;
  std::string strategy;
  uint64_t seed;
};

// Two works; remembers what it is asked for, and fails where it is told to.
class FakeLayer final : public Layer {
 public:
  FakeLayer(int number, std::vector<Asked>& asked) : asked_(asked) {
    info_.number = number;
    info_.cases = {{.name = "a", .title = "A"}, {.name = "b", .title = "B"}};
  }

  const LayerInfo& info() const override { return info_; }

  absl::Status Prepare(const Strategy& strategy) override {
    prepared_.insert(strategy.name);
    return absl::OkStatus();
  }

  absl::StatusOr<Sample> Measure(const Strategy& strategy, size_t number,
                                 uint64_t seed) override {
    EXPECT_EQ(prepared_.count(strategy.name), 1u);
    if (asked_.size() >= fails_after) return absl::UnavailableError("gone");
    asked_.push_back({info_.number, number, strategy.name, seed});
    Sample sample;
    sample.reads_per_second = static_cast<double>(asked_.size());
    return sample;
  }

  size_t fails_after = SIZE_MAX;

 private:
  LayerInfo info_;
  std::set<std::string> prepared_;
  std::vector<Asked>& asked_;
};

class CompareLayersTest : public testing::Test {
 protected:
  CompareLayersTest() {
    options_.strategies = *ParseStrategies("mb,rwlock,mutex");
    options_.rounds = 20;
    for (const int number : {1, 2}) {
      auto layer = std::make_unique<FakeLayer>(number, asked_);
      fakes_.push_back(layer.get());
      layers_.push_back(std::move(layer));
    }
  }

  CompareOptions options_;
  std::vector<Asked> asked_;
  std::vector<FakeLayer*> fakes_;
  std::vector<std::unique_ptr<Layer>> layers_;
};

TEST_F(CompareLayersTest, EachBlockHasEveryStrategyOnceWithTheSameKeys) {
  const auto comparison = CompareLayers(options_, layers_);
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  EXPECT_TRUE(comparison->failure.ok());
  ASSERT_EQ(asked_.size(), 20u * 2 * 2 * 3);
  std::set<uint64_t> seeds;
  for (size_t i = 0; i < asked_.size(); i += 3) {
    std::set<std::string> strategies;
    for (size_t j = i; j < i + 3; ++j) {
      strategies.insert(asked_[j].strategy);
      EXPECT_EQ(asked_[j].layer, asked_[i].layer);
      EXPECT_EQ(asked_[j].number, asked_[i].number);
      EXPECT_EQ(asked_[j].seed, asked_[i].seed);
    }
    EXPECT_EQ(strategies.size(), 3u);
    seeds.insert(asked_[i].seed);
  }
  EXPECT_EQ(seeds.size(), asked_.size() / 3);
  for (const LayerResult& layer : comparison->layers) {
    for (const CaseResult& result : layer.cases) {
      for (const auto& samples : result.samples) EXPECT_EQ(samples.size(), 20u);
    }
  }
}

TEST_F(CompareLayersTest, TheOrderOfTheStrategiesIsDrawnAnew) {
  ASSERT_TRUE(CompareLayers(options_, layers_).ok());
  std::set<std::string> first_ones;
  for (size_t i = 0; i < asked_.size(); i += 3) first_ones.insert(asked_[i].strategy);
  EXPECT_EQ(first_ones.size(), 3u);
}

TEST_F(CompareLayersTest, NoKindOfWorkAlwaysFollowsTheSameOne) {
  ASSERT_TRUE(CompareLayers(options_, layers_).ok());
  // Of the four kinds, which came right before layer 2's second one in its round.
  std::set<std::pair<int, size_t>> before;
  for (size_t i = 3; i < asked_.size(); i += 3) {
    if (i % 12 == 0 || asked_[i].layer != 2 || asked_[i].number != 1) continue;
    before.insert({asked_[i - 3].layer, asked_[i - 3].number});
  }
  EXPECT_EQ(before.size(), 3u);
}

TEST_F(CompareLayersTest, EachRoundHasEveryKindOfWork) {
  ASSERT_TRUE(CompareLayers(options_, layers_).ok());
  for (size_t round = 0; round < 20; ++round) {
    std::set<std::pair<int, size_t>> kinds;
    for (size_t i = 12 * round; i < 12 * (round + 1); ++i) {
      kinds.insert({asked_[i].layer, asked_[i].number});
    }
    EXPECT_EQ(kinds.size(), 4u) << round;
  }
}

TEST_F(CompareLayersTest, TheSameSeedGivesTheSameOrder) {
  ASSERT_TRUE(CompareLayers(options_, layers_).ok());
  const std::vector<Asked> first = std::exchange(asked_, {});
  ASSERT_TRUE(CompareLayers(options_, layers_).ok());
  EXPECT_TRUE(std::equal(first.begin(), first.end(), asked_.begin(), asked_.end(),
                         [](const Asked& a, const Asked& b) {
                           return a.strategy == b.strategy && a.seed == b.seed;
                         }));
}

TEST_F(CompareLayersTest, WhatFailsInTheMiddleLeavesWhatWasMeasured) {
  fakes_[1]->fails_after = 50;
  const auto comparison = CompareLayers(options_, layers_);
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  EXPECT_EQ(comparison->failure.code(), absl::StatusCode::kUnavailable);
  size_t samples = 0;
  for (const LayerResult& layer : comparison->layers) {
    for (const CaseResult& result : layer.cases) {
      for (const auto& of_strategy : result.samples) samples += of_strategy.size();
    }
  }
  EXPECT_EQ(samples, asked_.size());
  EXPECT_TRUE(HasSamples(*comparison));
}

}  // namespace
}  // namespace rcukv::loadtest
