// `bench serve`: the server and its client library beside Redis and memcached.
#ifndef RCUKV_BENCH_SERVE_BENCHMARK_H_
#define RCUKV_BENCH_SERVE_BENCHMARK_H_

#include <string>
#include <vector>

namespace rcukv::bench {

// `argv0` is the program's name and `arguments` what follows "serve". Starts the servers,
// fills them, and stops them again. Returns the exit status, as RunBenchmark does, and 1
// where a server does not start.
int BenchServe(const std::string& argv0, const std::vector<std::string>& arguments);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_BENCHMARK_H_
