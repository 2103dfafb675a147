// A small, fast source of random numbers that are the same on every machine.
#ifndef RCUKV_LOADTEST_BASE_RANDOM_H_
#define RCUKV_LOADTEST_BASE_RANDOM_H_

#include <cstdint>

namespace rcukv::loadtest {

// Spreads the bits of `x` over the whole word: the output function of SplitMix64
// (Steele, Lea and Flood, 2014).
constexpr uint64_t Mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

// SplitMix64; a generator as the algorithms of <random> and <algorithm> want it.
class Random {
 public:
  using result_type = uint64_t;

  explicit Random(uint64_t seed) : state_(seed) {}

  static constexpr uint64_t min() { return 0; }
  static constexpr uint64_t max() { return ~uint64_t{0}; }
  uint64_t operator()() { return Mix(state_ += 0x9e3779b97f4a7c15); }

  // Below `bound`, which is at least 1 and below 2^32.
  uint64_t Below(uint64_t bound) { return ((*this)() >> 32) * bound >> 32; }

  // In [0, 1): a multiple of 2^-53.
  double Unit() { return static_cast<double>((*this)() >> 11) * 0x1p-53; }

 private:
  uint64_t state_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_BASE_RANDOM_H_
