// Everything that a flip measured, for programs.
//
// Thread safety: pure functions.
#ifndef RCUKV_LOADTEST_FLIP_FLIP_FILES_H_
#define RCUKV_LOADTEST_FLIP_FLIP_FILES_H_

#include <string>

#include "loadtest/base/machine.h"
#include "loadtest/flip/flip_result.h"

namespace rcukv::loadtest {

// The options, the settings over the rounds, every phase and every sample.
std::string ToJson(const FlipResult& result, const Machine& machine);

// A line with the names, and one for each sample. What there is none of is empty.
std::string ToCsv(const FlipResult& result);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_FLIP_FLIP_FILES_H_
