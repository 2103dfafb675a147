// A layer of a comparison as a table for a terminal.
#ifndef RCUKV_LOADTEST_COMPARE_REPORT_TABLE_H_
#define RCUKV_LOADTEST_COMPARE_REPORT_TABLE_H_

#include <string>

#include "loadtest/compare/comparison.h"

namespace rcukv::loadtest {

// What is said of all tables.
std::string RenderCaption(const Comparison& comparison);

// A part for each case, with a row for each strategy.
std::string RenderLayer(const Comparison& comparison, const LayerResult& layer);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_REPORT_TABLE_H_
