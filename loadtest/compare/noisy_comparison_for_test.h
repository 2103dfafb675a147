// A comparison as a real one might be, for the page.
#ifndef RCUKV_LOADTEST_COMPARE_NOISY_COMPARISON_FOR_TEST_H_
#define RCUKV_LOADTEST_COMPARE_NOISY_COMPARISON_FOR_TEST_H_

#include "loadtest/compare/comparison.h"

namespace rcukv::loadtest {

// Nine strategies, calls of 1, 16, 100 and 1000 keys, writes at 100, 1000 and 10,000 a
// second, and nine rounds, in which every figure has some noise. What a read takes beside
// its section grows from layer to layer. At 10,000 writes a second with synchronize
// memb-non-expedited does a quarter of them.
Comparison NoisyComparison();

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_NOISY_COMPARISON_FOR_TEST_H_
