// The measures of `bench rcu`: what is compared with what, and what is asked of it.
#ifndef RCUKV_BENCH_RCU_PLAN_H_
#define RCUKV_BENCH_RCU_PLAN_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench/measure.h"
#include "bench/rcu/options.h"

namespace rcukv::bench {

// The table of the sys_membarrier patch (v12, 2015), which was measured with 6 readers
// and 2 writers in 10 s on an 8-core Xeon E5405.
struct PatchRow {
  // Of the samplers' flavor, and in the names of measures: "rcu.table.mb".
  const char* flavor;
  double reads;
  double writes;
};
inline constexpr double kPatchSeconds = 10;
inline constexpr std::array<PatchRow, 4> kPatchTable = {{
    {"mb", 1'701'557'485, 3'129'842},
    {"signal", 9'825'306'874, 5'386},
    {"expedited", 6'637'539'697, 852'129},
    {"non_expedited", 7'992'076'602, 220},
}};

// Of rcu.membarrier.COMMAND.Nbusy, which are of the kernel alone.
inline constexpr std::array<const char*, 3> kMembarrierCommands = {
    "private_expedited", "global", "global_expedited"};
inline constexpr std::array<int64_t, 3> kBusyThreads = {0, 1, 7};

// Of rcu.modes.NAME: one load under each membarrier mode.
struct ModeColumn {
  const char* name;
  // Of modes_sampler.
  const char* mode;
  // Expedited calls a second of mode adaptive; absent: as the library has it.
  std::optional<int64_t> budget;
};
inline constexpr std::array<ModeColumn, 5> kModes = {{
    {"expedited", "expedited", std::nullopt},
    {"non_expedited", "non_expedited", std::nullopt},
    {"global_expedited", "global_expedited", std::nullopt},
    {"adaptive", "adaptive", std::nullopt},
    {"adaptive_100", "adaptive", 100},
}};

std::string TableMeasureName(const PatchRow& row);
std::string MembarrierMeasureName(const std::string& command, int64_t busy);
std::string ModeMeasureName(const ModeColumn& column);

// In the order in which they are taken: all whose names the filter is found in.
std::vector<Measure> PlanRcu(const RcuOptions& options);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_RCU_PLAN_H_
