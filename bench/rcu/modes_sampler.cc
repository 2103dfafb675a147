// A load of flavor memb in one membarrier mode.
//
//   modes_sampler --mode=adaptive --budget=100 --seconds=2
#include <sys/prctl.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/rcu/modes_load.h"
#include "bench/rcu/modes_options.h"
#include "bench/sampler_process.h"
#include "loadtest/base/flag_set.h"
#include "rcu/domain.h"
#include "rcu/membarrier.h"

namespace rcukv::bench {
namespace {

constexpr int64_t kLibrarysBudget = -1;

struct Options {
  std::string mode = "adaptive";
  int64_t budget = kLibrarysBudget;
  ModesLoadOptions load;
};

loadtest::FlagSet FlagsOf(Options& options) {
  loadtest::FlagSet flags;
  flags.Add("mode", "expedited, non_expedited, global_expedited or adaptive",
            &options.mode);
  flags.Add("budget", "of mode adaptive: expedited calls a second; -1: the library's own",
            &options.budget, kLibrarysBudget, 1'000'000);
  flags.Add("readers", "threads that read all the time", &options.load.readers, 0, 1000);
  flags.Add("syncs_per_second", "calls of Synchronize", &options.load.syncs_per_second,
            0.001, 1e8);
  flags.Add("synchronizers", "threads that share them", &options.load.synchronizers, 1,
            1000);
  flags.Add("retires_per_second", "objects that one thread retires",
            &options.load.retires_per_second, 0.001, 1e8);
  flags.Add("seconds", "how long the load is watched", &options.load.seconds, 0.001, 600);
  return flags;
}

int TakeSample(rcu::MembarrierMode mode, const Options& options) {
  if (absl::Status status = rcu::MembDomain::SetMembarrierMode(mode); !status.ok()) {
    return SamplerUnsupported(std::string(status.message()));
  }
  if (options.budget != kLibrarysBudget) {
    rcu::SetExpeditedBudget(static_cast<uint64_t>(options.budget));
  }
  return SamplerDone(MeasureModesLoad(options.load));
}

int Main(const std::vector<std::string>& arguments) {
  Options options;
  if (absl::Status status = FlagsOf(options).Parse(arguments); !status.ok()) {
    return SamplerFailed(status);
  }
  const absl::StatusOr<rcu::MembarrierMode> mode = rcu::ParseMembarrierMode(options.mode);
  if (!mode.ok()) return SamplerFailed(mode.status());
  // Threads that wait for the time of a call are woken then, not 50 us later.
  prctl(PR_SET_TIMERSLACK, 1);
  EndWithParent(options.load.seconds);
  return TakeSample(*mode, options);
}

}  // namespace
}  // namespace rcukv::bench

int main(int argc, char** argv) { return rcukv::bench::Main({argv + 1, argv + argc}); }
