// `bench map`: the hash map beside concurrent maps of others.
#ifndef RCUKV_BENCH_MAP_BENCHMARK_H_
#define RCUKV_BENCH_MAP_BENCHMARK_H_

#include <string>
#include <vector>

namespace rcukv::bench {

// Returns the exit status, as RunBenchmark does.
int BenchMap(const std::string& argv0, const std::vector<std::string>& arguments);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_MAP_BENCHMARK_H_
