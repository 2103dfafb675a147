// What the figures of a flip say, in sentences: for the terminal and for the page alike.
//
// Each is a paragraph in one line without its end; empty where there is nothing to say.
//
// Thread safety: pure functions.
#ifndef RCUKV_LOADTEST_FLIP_FLIP_WORDS_H_
#define RCUKV_LOADTEST_FLIP_FLIP_WORDS_H_

#include <string>
#include <vector>

#include "loadtest/flip/flip_result.h"

namespace rcukv::loadtest {

// The load, the data, the phases and the server.
std::string DescribeFlip(const FlipResult& result);

// How to read the figures of the settings.
std::string FiguresWords(const FlipResult& result);

// A paragraph a setting but the first, which it is compared with: reads, writes, grace
// periods, interrupts; each ratio with its interval, and whether it is in the noise.
std::vector<std::string> ComparisonWords(const FlipResult& result);

// How many of these ratios are outside the noise, and how many would be if nothing
// differed.
std::string NoiseWords(const FlipResult& result);

// In which settings the load was not what was asked for.
std::string ScheduleWords(const FlipResult& result);

// What interrupts are of, or that the kernel does not show them.
std::string InterruptWords(const FlipResult& result);

// How many phases there were, how many reads were checked, and how many were wrong.
std::string AnswersWords(const FlipResult& result);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_FLIP_FLIP_WORDS_H_
