#include "loadtest/compare/comparison.h"

#include <algorithm>

namespace rcukv::loadtest {
namespace {

std::vector<double> Collect(const std::vector<Sample>& samples, Measure measure) {
  std::vector<double> values;
  for (const Sample& sample : samples) values.push_back(measure(sample));
  return values;
}

}  // namespace

const ArmResult& BaseOf(const Comparison& comparison) {
  const auto mb =
      std::find_if(comparison.arms.begin(), comparison.arms.end(),
                   [](const ArmResult& arm) { return arm.strategy.flavor == v1::MB; });
  return mb == comparison.arms.end() ? comparison.arms.front() : *mb;
}

const ArmResult* Find(const Comparison& comparison, v1::Flavor flavor,
                      v1::MembarrierMode mode) {
  for (const ArmResult& arm : comparison.arms) {
    if (arm.strategy.flavor == flavor && arm.strategy.membarrier_mode == mode &&
        !arm.samples.empty()) {
      return &arm;
    }
  }
  return nullptr;
}

bool HasGracePeriods(const ArmResult& arm) {
  return arm.strategy.flavor != v1::RWLOCK && arm.strategy.flavor != v1::MUTEX;
}

Spread SpreadOfMeasure(const ArmResult& arm, Measure measure) {
  return SpreadOf(Collect(arm.samples, measure));
}

double LargestOfMeasure(const ArmResult& arm, Measure measure) {
  double largest = 0;
  for (const double value : Collect(arm.samples, measure)) {
    largest = std::max(largest, value);
  }
  return largest;
}

Spread SpreadOfRatio(const ArmResult& arm, const ArmResult& base, Measure measure) {
  return SpreadOfRatios(Collect(arm.samples, measure), Collect(base.samples, measure));
}

uint64_t WrongReads(const Comparison& comparison) {
  uint64_t wrong = 0;
  for (const ArmResult& arm : comparison.arms) {
    for (const Sample& sample : arm.samples) wrong += sample.wrong;
  }
  return wrong;
}

}  // namespace rcukv::loadtest
