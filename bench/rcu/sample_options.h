// What a sampler of `bench rcu` is asked to do: one sample, in a process of its own.
#ifndef RCUKV_BENCH_RCU_SAMPLE_OPTIONS_H_
#define RCUKV_BENCH_RCU_SAMPLE_OPTIONS_H_

#include <cstdint>
#include <string>

namespace rcukv::bench {

struct SampleOptions {
  std::string flavor;

  // Of a load: how many threads do what, and for how long they are watched.
  int64_t readers = 0;
  int64_t writers = 0;
  int64_t synchronizers = 0;
  int64_t idle = 0;
  double seconds = 0.5;

  // Of retiring: how many objects, and whether they are allocated and freed.
  int64_t callbacks = 10'000'000;
  bool allocate = false;
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_RCU_SAMPLE_OPTIONS_H_
