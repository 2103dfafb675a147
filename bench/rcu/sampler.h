// The main program of a sampler: takes one sample of one flavor and writes its figures.
//
//   sampler load --flavor=memb --readers=6 --writers=2 --seconds=0.5
//   sampler retire --flavor=memb --callbacks=10000000 --allocate
#ifndef RCUKV_BENCH_RCU_SAMPLER_H_
#define RCUKV_BENCH_RCU_SAMPLER_H_

#include <vector>

#include "absl/status/status.h"
#include "bench/figures.h"
#include "bench/rcu/load.h"
#include "bench/rcu/retiring.h"
#include "bench/rcu/sample_options.h"

namespace rcukv::bench {

// A flavor of a library, as the loads of it that were compiled.
struct Contender {
  const char* flavor;
  absl::Status (*prepare)();
  Figures (*load)(const SampleOptions&);
  Figures (*retire)(const SampleOptions&);
};

template <class Rcu>
constexpr Contender ContenderOf(const char* flavor) {
  return {.flavor = flavor,
          .prepare = Rcu::Prepare,
          .load = [](const SampleOptions& o) { return Load<Rcu>(o).Measure(); },
          .retire = [](const SampleOptions& o) { return Retiring<Rcu>(o).Measure(); }};
}

// What main returns. Ends by itself when the process that started it does, or when it
// takes minutes longer than it should.
int SamplerMain(int argc, char** argv, const std::vector<Contender>& contenders);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_RCU_SAMPLER_H_
