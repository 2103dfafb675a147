#include "bench/map/zipf.h"

#include <algorithm>
#include <cmath>

namespace rcukv::bench {

Zipf::Zipf(uint64_t count, double exponent)
    : count_(count),
      alpha_(1 / (1 - exponent)),
      zeta_(Zeta(count, exponent)),
      eta_((1 - std::pow(2 / static_cast<double>(count), 1 - exponent)) /
           (1 - Zeta(2, exponent) / zeta_)),
      second_(1 + std::pow(0.5, exponent)) {}

uint64_t Zipf::RankAt(double unit) const {
  const double scaled = unit * zeta_;
  if (scaled < 1) return 0;
  if (scaled < second_) return 1;
  const double rank =
      static_cast<double>(count_) * std::pow(eta_ * unit - eta_ + 1, alpha_);
  return std::min(static_cast<uint64_t>(rank), count_ - 1);
}

double Zeta(uint64_t count, double exponent) {
  // From there on by the Euler-Maclaurin formula: the integral, the ends' halves, and the
  // first correction.
  constexpr uint64_t kSummed = 1000;
  const uint64_t summed = std::min(count, kSummed);
  double sum = 0;
  for (uint64_t r = 1; r <= summed; ++r) {
    sum += std::pow(static_cast<double>(r), -exponent);
  }
  if (count == summed) return sum;
  const auto from = static_cast<double>(summed);
  const auto to = static_cast<double>(count);
  const double integral =
      (std::pow(to, 1 - exponent) - std::pow(from, 1 - exponent)) / (1 - exponent);
  const double ends = (std::pow(to, -exponent) - std::pow(from, -exponent)) / 2;
  const double correction =
      exponent / 12 * (std::pow(from, -exponent - 1) - std::pow(to, -exponent - 1));
  return sum + integral + ends + correction;
}

}  // namespace rcukv::bench
