// A time as histograms take it.
#ifndef RCUKV_LOADTEST_WORKLOAD_NANOSECONDS_H_
#define RCUKV_LOADTEST_WORKLOAD_NANOSECONDS_H_

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace rcukv::loadtest {

// 0 for what is less.
inline uint64_t Nanoseconds(std::chrono::steady_clock::duration duration) {
  return static_cast<uint64_t>(
      std::max<int64_t>(0, std::chrono::nanoseconds(duration).count()));
}

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_NANOSECONDS_H_
