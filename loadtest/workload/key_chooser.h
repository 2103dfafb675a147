// Which key an operation is for.
//
//   KeyChooser chooser({.kind = KeyDistribution::kZipf}, /*loaded=*/100'000);
//   const size_t index = chooser.Choose(random, keys_there_are);
//
// A key is its index: 0 to loaded - 1 were in the table when the run began, and each
// insert adds the next one.
//
// uniform  every key alike, those that were inserted as well.
// zipf     by Zipf's law. Rank and index are unrelated: the popular keys lie scattered
//          over the table's memory, as they would after years of use.
// latest   by Zipf's law too, but the newest key is the most popular, and so on.
// hotset   a share of the keys, scattered as well, gets a share of the operations; within
//          the set and outside of it all keys are alike.
//
// zipf and hotset choose among the loaded keys, so that an insert does not change which
// keys are popular.
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_WORKLOAD_KEY_CHOOSER_H_
#define RCUKV_LOADTEST_WORKLOAD_KEY_CHOOSER_H_

#include <cstddef>
#include <cstdint>

#include "loadtest/base/random.h"
#include "loadtest/workload/zipf.h"

namespace rcukv::loadtest {

struct KeyDistribution {
  enum Kind { kUniform, kZipf, kLatest, kHotSet };

  Kind kind = kZipf;
  // Of zipf and latest; as Zipf takes it.
  double exponent = 0.99;
  // Of hotset: shares of the keys and of the operations, 0 to 1.
  double hot_keys = 0.2;
  double hot_operations = 0.8;
};

// A permutation of 0 to size - 1 that puts neighbours far apart: multiplication by a
// number near the golden section of `size` that has no divisor in common with it.
class Scattering {
 public:
  // 1 to 2^32.
  explicit Scattering(uint64_t size);

  // `rank` is below the size, and so is the result.
  uint64_t operator()(uint64_t rank) const { return rank * stride_ % size_; }

 private:
  const uint64_t size_;
  const uint64_t stride_;
};

class KeyChooser {
 public:
  // `loaded` is 1 to 2^32 - 1.
  KeyChooser(const KeyDistribution& distribution, size_t loaded);

  // Below `keys`, which is at least `loaded` and below 2^32.
  size_t Choose(Random& random, size_t keys);

 private:
  size_t ChooseLatest(Random& random, size_t keys);
  uint64_t HotSetRank(Random& random) const;

  const KeyDistribution distribution_;
  const size_t loaded_;
  // Keys of the hot set; at least one.
  const uint64_t hot_;
  const Scattering scattered_;
  Zipf zipf_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_KEY_CHOOSER_H_
