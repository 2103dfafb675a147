// Ranks by Zipf's law: rank r, from 0, is drawn with a probability proportional to
// 1 / (r + 1)^exponent.
//
//   Zipf zipf(/*exponent=*/0.99, /*ranks=*/1'000'000);
//   const uint64_t rank = zipf.Draw(random);
//
// Exact, by rejection-inversion: W. Hörmann and G. Derflinger, "Rejection-inversion to
// generate variates from monotone discrete distributions", ACM TOMACS 6 (1996). It needs
// no table, and setting it up for another number of ranks costs one logarithm and one
// exponential, so the ranks may grow while it is used. (YCSB's generator is that of Gray
// et al. 1994, which approximates all ranks but the first two, needs a sum over all
// ranks, and takes no exponent of 1 or more.)
//
// Thread safety: Draw of a const Zipf from any thread, each with its own Random.
#ifndef RCUKV_LOADTEST_WORKLOAD_ZIPF_H_
#define RCUKV_LOADTEST_WORKLOAD_ZIPF_H_

#include <cstdint>

#include "loadtest/base/random.h"

namespace rcukv::loadtest {

class Zipf {
 public:
  static constexpr double kMaxExponent = 10;

  // `exponent` is 0 (all ranks alike) to kMaxExponent; `ranks` is 1 to 2^32.
  Zipf(double exponent, uint64_t ranks);

  // From here on there are so many ranks; 1 to 2^32.
  void SetRanks(uint64_t ranks);

  uint64_t ranks() const { return ranks_; }

  // Below ranks().
  uint64_t Draw(Random& random) const;

 private:
  // h(x) = x^-exponent, its integral, and the inverse of that.
  double Height(double x) const;
  double Area(double x) const;
  double InverseOfArea(double area) const;

  double exponent_;
  // Where the area begins that stands for the first rank.
  double first_area_;
  // How far left of a rank a point may be and be accepted without a further look.
  double surely_;
  uint64_t ranks_;
  double last_area_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_ZIPF_H_
