#include "bench/rcu/benchmark.h"

#include "absl/status/statusor.h"
#include "bench/rcu/modes_table.h"
#include "bench/rcu/options.h"
#include "bench/rcu/plan.h"
#include "bench/rcu/tables.h"
#include "bench/session.h"

namespace rcukv::bench {

int BenchRcu(const std::string& argv0, const std::vector<std::string>& arguments) {
  absl::StatusOr<RcuOptions> options = ParseRcuOptions(arguments);
  if (!options.ok()) return FailUsage(options.status());
  if (options->help) return ShowHelp(RcuHelp());
  if (options->samplers.empty()) options->samplers = SamplersBeside(argv0, "rcu");
  return RunBenchmark(
      {.name = "rcu",
       .plan = PlanRcu(*options),
       .options = Described(*options),
       .tables = {RenderPatchTable, RenderMemory, RenderMembarrier, RenderModes}},
      *options);
}

}  // namespace rcukv::bench
