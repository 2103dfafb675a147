#include "loadtest/workload/operations.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "loadtest/workload/chi_square.h"

namespace rcukv::loadtest {
namespace {

constexpr size_t kLoaded = 1000;
constexpr int kDraws = 100'000;

std::vector<Operation> Draw(const std::string& name, uint64_t seed,
                            std::optional<KeyDistribution::Kind> keys = {}) {
  const auto workload = ParseWorkload(name);
  EXPECT_TRUE(workload.ok()) << workload.status();
  Operations operations(seed, *workload, {.kind = keys.value_or(workload->keys)}, kLoaded,
                        /*max_scanned=*/10);
  std::vector<Operation> drawn;
  for (int i = 0; i < kDraws; ++i) drawn.push_back(operations.Next());
  return drawn;
}

// Of those kinds that the workload has; there are no others.
void ExpectShares(const std::string& name) {
  const auto workload = ParseWorkload(name);
  std::vector<uint64_t> counts(kOperationKinds.size());
  for (const Operation& operation : Draw(name, 1)) {
    ++counts[static_cast<size_t>(operation.kind)];
  }
  std::vector<uint64_t> present;
  std::vector<double> probabilities;
  for (const OperationKind kind : kOperationKinds) {
    const uint64_t count = counts[static_cast<size_t>(kind)];
    if (workload->share(kind) == 0) {
      EXPECT_EQ(count, 0u) << name << ": " << ToString(kind);
      continue;
    }
    present.push_back(count);
    probabilities.push_back(workload->share(kind));
  }
  if (present.size() < 2) return;
  EXPECT_LT(ChiSquare(present, probabilities), ChiSquareBound(present.size())) << name;
}

TEST(Operations, AreTheSameForTheSameSeed) {
  for (const char* name : {"a", "b", "c", "d", "e", "f", "get:1,insert:1,scan:1,rmw:1"}) {
    EXPECT_EQ(Draw(name, 1), Draw(name, 1)) << name;
    EXPECT_NE(Draw(name, 1), Draw(name, 2)) << name;
  }
}

// The figures of a run can be compared with those of another version only as long as this
// holds. Uniform: the last bit of a logarithm is another on other machines.
TEST(Operations, AreTheSameAsEver) {
  const std::vector<Operation> drawn =
      Draw("get:1,put:1,insert:1,rmw:1,scan:1", 1, KeyDistribution::kUniform);
  uint64_t digest = 0;
  for (const Operation& operation : drawn) {
    digest = Mix(digest ^ Mix(static_cast<uint64_t>(operation.kind) ^
                              Mix(operation.index ^ Mix(operation.scanned))));
  }
  EXPECT_EQ(digest, 4144243428439130973u);
}

TEST(Operations, HaveTheSharesOfTheWorkload) {
  for (const char* name : {"a", "b", "c", "d", "e", "f", "get:90,put:8,rmw:2"}) {
    ExpectShares(name);
  }
}

TEST(Operations, EachInsertAddsTheNextKeyAndReadsFollow) {
  size_t keys = kLoaded;
  bool newest_was_read = false;
  for (const Operation& operation : Draw("d", 1)) {
    if (operation.kind == OperationKind::kInsert) {
      EXPECT_EQ(operation.index, keys++);
    } else {
      ASSERT_LT(operation.index, keys);
      newest_was_read |= operation.index == keys - 1 && keys > kLoaded;
    }
  }
  EXPECT_TRUE(newest_was_read);
}

TEST(Operations, ScansHaveEveryLengthAlike) {
  std::vector<uint64_t> counts(10);
  for (const Operation& operation : Draw("scan:1", 1)) ++counts.at(operation.scanned - 1);
  EXPECT_LT(ChiSquare(counts, std::vector<double>(10, 0.1)), ChiSquareBound(10));
}

TEST(Operations, AreNumberedFromOne) {
  uint64_t number = 0;
  for (const Operation& operation : Draw("a", 1)) EXPECT_EQ(operation.number, ++number);
}

TEST(Operations, OfABatchHaveFurtherKeysOfTheSameDistribution) {
  constexpr size_t kBatch = 8;
  Operations operations(1, *ParseWorkload("b"), {.kind = KeyDistribution::kUniform},
                        kLoaded, /*max_scanned=*/1, kBatch);
  std::vector<uint64_t> counts(10);
  for (int i = 0; i < kDraws / 10; ++i) {
    const Operation operation = operations.Next();
    const bool get = operation.kind == OperationKind::kGet;
    ASSERT_EQ(operation.more.size(), get ? kBatch - 1 : 0);
    for (const size_t index : operation.more) {
      ASSERT_LT(index, kLoaded);
      ++counts[index % counts.size()];
    }
  }
  EXPECT_LT(ChiSquare(counts, std::vector<double>(counts.size(), 0.1)),
            ChiSquareBound(counts.size()));
}

}  // namespace
}  // namespace rcukv::loadtest
