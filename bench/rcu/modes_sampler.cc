// A load of flavor memb in one membarrier mode.
//
//   modes_sampler --mode=adaptive --budget=100 --seconds=2
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "bench/command.h"
#include "bench/figures.h"
#include "bench/rcu/modes_load.h"
#include "bench/rcu/modes_options.h"
#include "loadtest/flag_set.h"
#include "rcu/domain.h"
#include "rcu/membarrier.h"

namespace rcukv::bench {
namespace {

constexpr int kExitUsage = 2;
constexpr unsigned kPatienceSeconds = 120;
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

int Fail(const absl::Status& status) {
  absl::FPrintF(stderr, "modes_sampler: %s\n", status.message());
  return kExitUsage;
}

int TakeSample(rcu::MembarrierMode mode, const Options& options) {
  if (absl::Status status = rcu::MembDomain::SetMembarrierMode(mode); !status.ok()) {
    std::puts(std::string(status.message()).c_str());
    return kExitUnsupported;
  }
  if (options.budget != kLibrarysBudget) {
    rcu::SetExpeditedBudget(static_cast<uint64_t>(options.budget));
  }
  std::fputs(FormatFigures(MeasureModesLoad(options.load)).c_str(), stdout);
  return 0;
}

int Main(const std::vector<std::string>& arguments) {
  Options options;
  if (absl::Status status = FlagsOf(options).Parse(arguments); !status.ok()) {
    return Fail(status);
  }
  const absl::StatusOr<rcu::MembarrierMode> mode = rcu::ParseMembarrierMode(options.mode);
  if (!mode.ok()) return Fail(mode.status());
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // Threads that wait for the time of a call are woken then, not 50 us later.
  prctl(PR_SET_TIMERSLACK, 1);
  alarm(kPatienceSeconds + static_cast<unsigned>(2 * options.load.seconds));
  return TakeSample(*mode, options);
}

}  // namespace
}  // namespace rcukv::bench

int main(int argc, char** argv) { return rcukv::bench::Main({argv + 1, argv + argc}); }
