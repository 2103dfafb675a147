#include "bench/map/draws.h"

#include <numeric>

#include "bench/map/zipf.h"
#include "loadtest/base/random.h"

namespace rcukv::bench {
namespace {

using loadtest::Random;

constexpr double kZipfExponent = 0.99;

// Coprime to `entries`: multiplied by it, ranks become a permutation of the indices that
// leaves no two frequent ones beside each other.
uint64_t Spread(uint32_t entries) {
  uint64_t factor = 2'654'435'761;
  while (std::gcd(factor, uint64_t{entries}) != 1) ++factor;
  return factor;
}

double UnitOf(uint64_t random) {
  constexpr double kUnit = 1.0 / (uint64_t{1} << 53);
  return static_cast<double>(random >> 11) * kUnit;
}

}  // namespace

std::vector<Draw> MakeDraws(Distribution distribution, uint32_t entries, uint64_t seed) {
  Random random(seed);
  std::vector<Draw> draws;
  draws.reserve(kDraws);
  if (distribution == Distribution::kUniform) {
    while (draws.size() < kDraws) {
      draws.emplace_back(static_cast<uint32_t>(random.Below(entries)));
    }
    return draws;
  }
  const Zipf zipf(entries, kZipfExponent);
  const uint64_t spread = Spread(entries);
  while (draws.size() < kDraws) {
    const uint64_t rank = zipf.RankAt(UnitOf(random()));
    draws.emplace_back(static_cast<uint32_t>(rank * spread % entries));
  }
  return draws;
}

std::vector<Draw> WithUpdates(std::vector<Draw> draws, int64_t percent, uint64_t seed) {
  Random random(seed);
  for (Draw& draw : draws) {
    if (static_cast<int64_t>(random.Below(100)) < percent) draw.set_is_update();
  }
  return draws;
}

}  // namespace rcukv::bench
