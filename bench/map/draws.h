// Which keys a thread looks up, and when it updates: drawn before the clock runs.
#ifndef RCUKV_BENCH_MAP_DRAWS_H_
#define RCUKV_BENCH_MAP_DRAWS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bench/map/row.h"

namespace rcukv::bench {

// The index of a key, and whether its value is to be replaced rather than looked up.
class Draw {
 public:
  explicit Draw(uint32_t index) : bits_(index) {}

  uint32_t index() const { return bits_ & ~kUpdate; }
  bool is_update() const { return (bits_ & kUpdate) != 0; }
  void set_is_update() { bits_ |= kUpdate; }

 private:
  static constexpr uint32_t kUpdate = uint32_t{1} << 31;

  uint32_t bits_;
};

// Drawn by each thread, which takes them again and again: what they make of even the
// leanest table is several times larger than a cache.
inline constexpr size_t kDraws = size_t{1} << 21;

// kDraws indices below `entries`, which is below 2^31, the same for the same `seed`. Of
// the Zipf distribution with exponent 0.99, whose frequent indices are spread evenly.
std::vector<Draw> MakeDraws(Distribution distribution, uint32_t entries, uint64_t seed);

// The same with updates among them, `percent` in 100, at random.
std::vector<Draw> WithUpdates(std::vector<Draw> draws, int64_t percent, uint64_t seed);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_MAP_DRAWS_H_
