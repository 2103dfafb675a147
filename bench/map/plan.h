// The measures of `bench map`: what is compared with what, and what is asked of it.
#ifndef RCUKV_BENCH_MAP_PLAN_H_
#define RCUKV_BENCH_MAP_PLAN_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "bench/map/options.h"
#include "bench/measure.h"

namespace rcukv::bench {

// Labels of arms, and names of the samplers' tables.
inline constexpr char kOurTable[] = "rcukv";
inline constexpr char kLimitTable[] = "limit";
inline constexpr char kMemoryPeer[] = "rculfhash-memb";

struct Peer {
  // Of the sampler, and the label of the arm.
  const char* table;
  const char* sampler;
  // It need not be told how many entries will come.
  bool grows;
};
inline constexpr std::array<Peer, 6> kPeers = {{
    {kMemoryPeer, "rculfhash_sampler", true},
    {"rculfhash-qsbr", "rculfhash_sampler", true},
    {"tbb", "tbb_sampler", true},
    {"absl-mutex-1", "absl_sampler", true},
    {"absl-mutex-64", "absl_sampler", true},
    {"libcds-michael", "libcds_sampler", false},
}};

inline constexpr std::array<int64_t, 3> kSizes = {100'000, 1'000'000, 10'000'000};

// Resident over key and value, of ours, in the largest table.
inline constexpr double kMaxOverheadBytes = 40;

// "map.load.100000": all the rows of tables of that size. Its arms are ours, the limit
// and the peers, as far as the comparisons need them.
std::string LoadMeasureName(int64_t entries);
// "map.growth.100000": tables that grow to that size.
std::string GrowthMeasureName(int64_t entries);

// In the order in which they are taken: of each size one measure of the comparisons in
// whose names the filter is found; then the growth of the largest.
std::vector<Measure> PlanMap(const MapOptions& options);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_MAP_PLAN_H_
