// What a comparison says, in plain words.
#ifndef RCUKV_LOADTEST_COMPARE_REPORT_WORDS_H_
#define RCUKV_LOADTEST_COMPARE_REPORT_WORDS_H_

#include <string>
#include <vector>

#include "loadtest/compare/comparison.h"

namespace rcukv::loadtest {

// Sentences that follow from the figures; those that lack figures are left out.
std::vector<std::string> SentencesOf(const Comparison& comparison);

// Where it was the client that was busy all the time, at layers 4 and 5; empty: nowhere.
std::string ClientLimitWords(const Comparison& comparison);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_REPORT_WORDS_H_
