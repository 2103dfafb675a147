// `bench write`: writes that last beside Redis's, and recovery beside a scan of
// RocksDB's.
#ifndef RCUKV_BENCH_WRITE_BENCHMARK_H_
#define RCUKV_BENCH_WRITE_BENCHMARK_H_

#include <string>
#include <vector>

namespace rcukv::bench {

// `argv0` is the program's name and `arguments` what follows "write". Starts the servers,
// fills them, stops them again, and removes their data. Returns the exit status, as
// RunBenchmark does, and 1 where a server does not start.
int BenchWrite(const std::string& argv0, const std::vector<std::string>& arguments);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_WRITE_BENCHMARK_H_
