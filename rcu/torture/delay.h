// Delays that a storm puts into sections, so that the grace periods have something to
// wait for, and threads lose their CPUs at all kinds of moments.
#ifndef RCUKV_RCU_TORTURE_DELAY_H_
#define RCUKV_RCU_TORTURE_DELAY_H_

#include <sched.h>

#include <chrono>
#include <random>
#include <thread>

#include "rcu/fence.h"

namespace rcu::torture {

using Random = std::minstd_rand;

inline bool OneIn(Random& random, unsigned n) { return random() % n == 0; }

inline void Spin(std::chrono::microseconds time) {
  const auto until = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < until) SpinPause();
}

// Mostly none; now and then a spin, a yield, a sleep, or so long a spin that the
// scheduler takes the CPU away in the middle of it.
inline void Delay(Random& random) {
  if (OneIn(random, 20'000)) {
    Spin(std::chrono::microseconds(4000));
  } else if (OneIn(random, 4000)) {
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 200));
  } else if (OneIn(random, 500)) {
    sched_yield();
  } else if (OneIn(random, 50)) {
    for (unsigned spins = random() % 1000; spins > 0; --spins) SpinPause();
  }
}

}  // namespace rcu::torture

#endif  // RCUKV_RCU_TORTURE_DELAY_H_
