// Which setting is in force when.
#ifndef RCUKV_LOADTEST_FLIP_FLIP_ORDER_H_
#define RCUKV_LOADTEST_FLIP_FLIP_ORDER_H_

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "loadtest/base/random.h"

namespace rcukv::loadtest {

// The settings 0 to settings - 1, of which there are two or more, once a round, each
// round in an order of its own; the same for the same seed. None follows upon itself, at
// the end of a round neither: each phase begins with a switch.
inline std::vector<size_t> FlipOrder(size_t settings, size_t rounds, uint64_t seed) {
  Random random(Mix(seed));
  std::vector<size_t> order;
  std::vector<size_t> round(settings);
  std::iota(round.begin(), round.end(), size_t{0});
  for (size_t i = 0; i < rounds; ++i) {
    // Fisher and Yates's: std::shuffle is not the same everywhere.
    for (size_t left = settings; left > 1; --left) {
      std::swap(round[left - 1], round[random.Below(left)]);
    }
    if (!order.empty() && order.back() == round.front()) {
      std::swap(round.front(), round[1 + random.Below(settings - 1)]);
    }
    order.insert(order.end(), round.begin(), round.end());
  }
  return order;
}

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_FLIP_FLIP_ORDER_H_
