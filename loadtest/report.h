// What is printed of a comparison: one table, what it says in plain words, and lines for
// scripts.
//
// Figures are medians over the rounds. A ratio is the median of the ratios within each
// round, followed by the smallest and the largest of them.
#ifndef RCUKV_LOADTEST_REPORT_H_
#define RCUKV_LOADTEST_REPORT_H_

#include <cstdint>
#include <string>

#include "loadtest/compare.h"

namespace rcukv::loadtest {

std::string RenderTable(const Comparison& comparison);

// Sentences that follow from the figures.
std::string RenderWords(const Comparison& comparison);

// "ratio loadtest.lookups.per_key.memb_expedited 1.62x vs mb", one a line.
std::string RenderRatioLines(const Comparison& comparison);

// Reads whose answers were wrong, of all strategies.
uint64_t WrongReads(const Comparison& comparison);

// How many reads were checked, and what was wrong with the first of each strategy.
std::string RenderChecks(const Comparison& comparison);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_REPORT_H_
