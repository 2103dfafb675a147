// A comparison with figures that are made up.
#ifndef RCUKV_LOADTEST_COMPARE_COMPARISON_FOR_TEST_H_
#define RCUKV_LOADTEST_COMPARE_COMPARISON_FOR_TEST_H_

#include <string>

#include "loadtest/compare/comparison.h"

namespace rcukv::loadtest {

// With mb, memb-expedited, memb-non-expedited and rwlock, layers as a real one has with
// calls of 1 and 100 keys and writes at 1000 a second, and six rounds. In round i, from 1
// on, mb reads i million keys a second at 1000 ns of CPU each, and the others 2, 2.1 and
// 0.5 times as many, at so many times less CPU time. Over gRPC all are alike but for
// rwlock.
Comparison MadeUpComparison();

// A part of it, to be changed.
CaseResult& CaseOf(Comparison& comparison, const std::string& name);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_COMPARISON_FOR_TEST_H_
