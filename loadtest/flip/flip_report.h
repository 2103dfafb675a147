// What a flip found, for the terminal.
//
// Thread safety: pure functions.
#ifndef RCUKV_LOADTEST_FLIP_FLIP_REPORT_H_
#define RCUKV_LOADTEST_FLIP_FLIP_REPORT_H_

#include <string>

#include "loadtest/base/machine.h"
#include "loadtest/flip/flip_result.h"

namespace rcukv::loadtest {

// Tables of the settings, a timeline with a line a phase, and what they say in words.
std::string RenderFlip(const FlipResult& result, const Machine& machine);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_FLIP_FLIP_REPORT_H_
