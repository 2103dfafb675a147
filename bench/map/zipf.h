// The Zipf distribution: rank r, from 0, is drawn in proportion to 1 / (r + 1)^exponent.
//
// Gray et al., "Quickly generating billion-record synthetic databases" (SIGMOD 1994), as
// in YCSB: exact for the two first ranks, close for the others.
#ifndef RCUKV_BENCH_MAP_ZIPF_H_
#define RCUKV_BENCH_MAP_ZIPF_H_

#include <cstdint>

namespace rcukv::bench {

// Thread safety: immutable.
class Zipf {
 public:
  // `count` is at least 2, and 0 < exponent < 1.
  Zipf(uint64_t count, double exponent);

  // The rank, below `count`, at `unit`, which is at least 0 and below 1.
  uint64_t RankAt(double unit) const;

 private:
  uint64_t count_;
  double alpha_;
  double zeta_;
  double eta_;
  // Up to where, in units of the first rank's share, the second one reaches.
  double second_;
};

// The sum of 1 / r^exponent for r from 1 to count, to about nine digits.
double Zeta(uint64_t count, double exponent);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_MAP_ZIPF_H_
