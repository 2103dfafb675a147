// What the figures of a run say of the load itself, in sentences: for the terminal and
// for the page alike.
//
// Each is one line without its end; empty where there is nothing to say.
#ifndef RCUKV_LOADTEST_WORKLOAD_LOAD_WORDS_H_
#define RCUKV_LOADTEST_WORKLOAD_LOAD_WORDS_H_

#include <string>

#include "loadtest/workload/run_result.h"

namespace rcukv::loadtest {

// Of an open loop: by how much calls were late, and whether the rate was kept; where it
// was not, by how much it was missed and what held the calls up.
std::string ScheduleWords(const RunResult& result);

// What of the latencies and of the processor time is the client's, gRPC's and the
// kernel's own, by a null server.
std::string NullServerWords(const RunResult& result);

// What the generator alone takes of a processor, and by how much it alone makes calls
// late.
std::string GeneratorWords(const RunResult& result);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_LOAD_WORDS_H_
