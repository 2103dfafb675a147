// A layer of a comparison as a table, and what is said of all tables.
#ifndef RCUKV_LOADTEST_COMPARE_REPORT_TABLE_H_
#define RCUKV_LOADTEST_COMPARE_REPORT_TABLE_H_

#include <string>
#include <vector>

#include "loadtest/base/table.h"
#include "loadtest/compare/comparison.h"

namespace rcukv::loadtest {

// What they are of and how to read them.
std::string CaptionOf(const Comparison& comparison);

// "Without rseq-expedited: " and why; one for each strategy that the machine lacks.
std::vector<std::string> MissingWords(const Comparison& comparison);

// The layer's columns. A part for each of `cases`, with a row for each strategy.
Table LayerTable(const Comparison& comparison, const LayerInfo& info,
                 const std::vector<const CaseResult*>& cases);

// All of it, for a terminal.
std::string RenderLayer(const Comparison& comparison, const LayerResult& layer);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_REPORT_TABLE_H_
