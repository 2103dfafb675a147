// `bench rcu`: the library beside liburcu.
#ifndef RCUKV_BENCH_RCU_BENCHMARK_H_
#define RCUKV_BENCH_RCU_BENCHMARK_H_

#include <string>
#include <vector>

namespace rcukv::bench {

// Returns the exit status, as RunBenchmark does.
int BenchRcu(const std::string& argv0, const std::vector<std::string>& arguments);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_RCU_BENCHMARK_H_
