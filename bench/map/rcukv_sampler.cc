// Samples of rcu::HashMap, and of the same layout without synchronisation.
#include "bench/map/limit_table.h"
#include "bench/map/rcukv_table.h"
#include "bench/map/sampler.h"
#include "rcu/domain.h"

int main(int argc, char** argv) {
  using namespace rcukv::bench;
  return MapSamplerMain(
      argc, argv,
      {MapContenderOf<RcukvTable<rcu::MembDomain>>("rcukv", rcu::MembDomain::Prepare),
       MapContenderOf<LimitTable>("limit")});
}
