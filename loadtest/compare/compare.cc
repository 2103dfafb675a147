#include "loadtest/compare/compare.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <numeric>
#include <utility>

#include "absl/strings/str_format.h"
#include "loadtest/base/interrupt.h"
#include "loadtest/base/random.h"
#include "loadtest/base/text_table.h"
#include "loadtest/compare/arm.h"
#include "loadtest/compare/dataset.h"

namespace rcukv::loadtest {
namespace {

// Measurements of a turn.
constexpr double kMeasurements = 1 + kSections.size();

void Progress(const std::string& line) { absl::FPrintF(stderr, "%s\n", line); }

std::string Plan(const CompareOptions& options) {
  const double turns = static_cast<double>(options.rounds) *
                       static_cast<double>(options.strategies.size());
  return absl::StrFormat("%d strategies, %d rounds, %.0f s of measuring",
                         options.strategies.size(), options.rounds,
                         turns * kMeasurements * options.seconds);
}

// What the round that just ended showed, in a line.
std::string Summary(int64_t round, const Comparison& comparison) {
  std::string line =
      absl::StrFormat("round %d of %d:", round + 1, comparison.options.rounds);
  for (const ArmResult& arm : comparison.arms) {
    const Sample& sample = arm.samples.back();
    absl::StrAppendFormat(&line, "  %s %s", arm.strategy.name,
                          ShortNumber(sample.grpc.reads_per_second));
  }
  return line + "  (reads/s over gRPC)";
}

using Arms = std::vector<std::unique_ptr<Arm>>;

absl::StatusOr<Arms> StartArms(const CompareOptions& options, const Dataset& dataset) {
  Arms arms;
  for (const Strategy& strategy : options.strategies) {
    absl::StatusOr<std::unique_ptr<Arm>> arm =
        Arm::Start(strategy, options.server_binary, dataset);
    if (!arm.ok()) return arm.status();
    arms.push_back(*std::move(arm));
  }
  for (const std::unique_ptr<Arm>& arm : arms) {
    Progress(absl::StrFormat("%s: loading %s entries", arm->strategy().name,
                             GroupedNumber(dataset.size())));
    if (absl::Status status = arm->Load(); !status.ok()) return status;
  }
  return arms;
}

std::vector<size_t> ShuffledOrder(size_t count, uint64_t seed) {
  std::vector<size_t> order(count);
  std::iota(order.begin(), order.end(), size_t{0});
  std::shuffle(order.begin(), order.end(), Random(seed));
  return order;
}

absl::Status RunRound(int64_t round, const Arms& arms, Comparison& comparison) {
  const CompareOptions& options = comparison.options;
  // The same keys for every strategy of a round.
  const uint64_t seed =
      Mix(static_cast<uint64_t>(options.seed) ^ Mix(static_cast<uint64_t>(round)));
  for (const size_t i : ShuffledOrder(arms.size(), seed)) {
    absl::StatusOr<Sample> sample = arms[i]->Measure(options, seed);
    if (!sample.ok()) return sample.status();
    comparison.arms[i].samples.push_back(*std::move(sample));
  }
  Progress(Summary(round, comparison));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Comparison> RunComparison(const CompareOptions& options) {
  Progress(Plan(options));
  const Dataset dataset(static_cast<uint64_t>(options.seed),
                        static_cast<size_t>(options.entries),
                        static_cast<size_t>(options.value_bytes));
  Comparison comparison{.options = options, .arms = {}, .interrupted = false};
  for (const Strategy& strategy : options.strategies) {
    comparison.arms.push_back({strategy, {}});
  }
  const absl::StatusOr<Arms> arms = StartArms(options, dataset);
  absl::Status status = arms.status();
  for (int64_t round = 0; status.ok() && round < options.rounds; ++round) {
    status = RunRound(round, *arms, comparison);
  }
  comparison.interrupted = Interrupted();
  if (!status.ok() && !comparison.interrupted) return status;
  return comparison;
}

}  // namespace rcukv::loadtest
