// What a comparison says, in plain words.
#ifndef RCUKV_LOADTEST_COMPARE_REPORT_WORDS_H_
#define RCUKV_LOADTEST_COMPARE_REPORT_WORDS_H_

#include <string>

#include "loadtest/compare/comparison.h"

namespace rcukv::loadtest {

// Sentences that follow from the figures; those that lack figures are left out.
std::string RenderWords(const Comparison& comparison);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_REPORT_WORDS_H_
