#include "loadtest/workload/zipf.h"

#include <algorithm>
#include <cmath>

namespace rcukv::loadtest {
namespace {

// Below this a series of two terms is more exact than the quotient.
constexpr double kTiny = 1e-8;

// (e^x - 1) / x, and its limit at 0.
double RelativeExponential(double x) {
  return std::abs(x) > kTiny ? std::expm1(x) / x : 1 + x / 2;
}

// log(1 + x) / x, and its limit at 0.
double RelativeLogarithm(double x) {
  return std::abs(x) > kTiny ? std::log1p(x) / x : 1 - x / 2;
}

}  // namespace

Zipf::Zipf(double exponent, uint64_t ranks)
    : exponent_(exponent),
      // The first rank gets its height as its area, exactly, and is never rejected.
      first_area_(Area(1.5) - 1),
      surely_(2 - InverseOfArea(Area(2.5) - Height(2))) {
  SetRanks(ranks);
}

void Zipf::SetRanks(uint64_t ranks) {
  ranks_ = ranks;
  last_area_ = Area(static_cast<double>(ranks) + 0.5);
}

double Zipf::Height(double x) const { return std::exp(-exponent_ * std::log(x)); }

// (x^(1-e) - 1) / (1 - e), which is log(x) where the exponent e is 1; in a form that is
// exact near there as well.
double Zipf::Area(double x) const {
  const double log = std::log(x);
  return RelativeExponential((1 - exponent_) * log) * log;
}

double Zipf::InverseOfArea(double area) const {
  // Rounding can take it below where there is an inverse.
  const double scaled = std::max(-1.0, (1 - exponent_) * area);
  return std::exp(RelativeLogarithm(scaled) * area);
}

uint64_t Zipf::Draw(Random& random) const {
  for (;;) {
    const double area = last_area_ + random.Unit() * (first_area_ - last_area_);
    const double x = InverseOfArea(area);
    const double k = std::clamp(std::round(x), 1.0, static_cast<double>(ranks_));
    if (k - x <= surely_ || area >= Area(k + 0.5) - Height(k)) {
      return static_cast<uint64_t>(k) - 1;
    }
  }
}

}  // namespace rcukv::loadtest
