#include "loadtest/workload/key_chooser.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace rcukv::loadtest {
namespace {

uint64_t StrideFor(uint64_t size) {
  constexpr double kGoldenSection = 0.6180339887498949;
  auto stride = static_cast<uint64_t>(static_cast<double>(size) * kGoldenSection);
  stride = std::max<uint64_t>(stride, 1);
  while (std::gcd(stride, size) != 1) ++stride;
  return stride;
}

uint64_t HotKeys(const KeyDistribution& distribution, size_t loaded) {
  const double share = distribution.hot_keys * static_cast<double>(loaded);
  return std::clamp<uint64_t>(static_cast<uint64_t>(std::llround(share)), 1, loaded);
}

}  // namespace

Scattering::Scattering(uint64_t size) : size_(size), stride_(StrideFor(size)) {}

KeyChooser::KeyChooser(const KeyDistribution& distribution, size_t loaded)
    : distribution_(distribution),
      loaded_(loaded),
      hot_(HotKeys(distribution, loaded)),
      scattered_(loaded),
      zipf_(distribution.exponent, loaded) {}

size_t KeyChooser::Choose(Random& random, size_t keys) {
  switch (distribution_.kind) {
    case KeyDistribution::kUniform:
      return random.Below(keys);
    case KeyDistribution::kZipf:
      return scattered_(zipf_.Draw(random));
    case KeyDistribution::kLatest:
      return ChooseLatest(random, keys);
    case KeyDistribution::kHotSet:
      return scattered_(HotSetRank(random));
  }
  return 0;
}

size_t KeyChooser::ChooseLatest(Random& random, size_t keys) {
  if (zipf_.ranks() != keys) zipf_.SetRanks(keys);
  return keys - 1 - zipf_.Draw(random);
}

uint64_t KeyChooser::HotSetRank(Random& random) const {
  const bool hot = random.Unit() < distribution_.hot_operations;
  if (hot || hot_ == loaded_) return random.Below(hot_);
  return hot_ + random.Below(loaded_ - hot_);
}

}  // namespace rcukv::loadtest
