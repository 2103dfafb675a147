// What the figures of a run say, in sentences: for the terminal and for the page alike.
//
// Each is one line without its end; empty where there is nothing to say.
#ifndef RCUKV_LOADTEST_WORKLOAD_RUN_WORDS_H_
#define RCUKV_LOADTEST_WORKLOAD_RUN_WORDS_H_

#include <string>

#include "loadtest/workload/run_result.h"

namespace rcukv::loadtest {

// What was run, on which data, against whom.
std::string DescribeRun(const RunOptions& options);

// The server's version and settings, or why they are not known. Never empty.
std::string ServerWords(const RunResult& result);

// How many keys a second that was, where a get reads several.
std::string BatchWords(const RunResult& result);

// How many operations were measured, in which time, and how many answers were wrong.
std::string AnswersWords(const RunResult& result);

// How many answers could not be checked.
std::string UncheckedWords(const RunResult& result);

// What became of calls that were due and not answered.
std::string UnansweredWords(const RunResult& result);

// Of a ramp: what it found.
std::string RampWords(const RunResult& result);

// Whether the client, rather than the server, may have been the limit (LimitedByClient).
std::string ProcessorWords(const RunResult& result);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_RUN_WORDS_H_
