// `bench rcu`: the library beside liburcu.
#ifndef RCUKV_BENCH_RCU_BENCHMARK_H_
#define RCUKV_BENCH_RCU_BENCHMARK_H_

#include <string>
#include <vector>

namespace rcukv::bench {

// Returns the exit status: 0, whatever the ratios are; 1 where a sampler failed; 2 for
// wrong arguments; 130 when interrupted, after reporting what is there.
int BenchRcu(const std::string& argv0, const std::vector<std::string>& arguments);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_RCU_BENCHMARK_H_
