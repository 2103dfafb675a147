#include "bench/map/benchmark.h"

#include "absl/status/statusor.h"
#include "bench/map/options.h"
#include "bench/map/plan.h"
#include "bench/map/tables.h"
#include "bench/session.h"

namespace rcukv::bench {

int BenchMap(const std::string& argv0, const std::vector<std::string>& arguments) {
  absl::StatusOr<MapOptions> options = ParseMapOptions(arguments);
  if (!options.ok()) return FailUsage(options.status());
  if (options->help) return ShowHelp(MapHelp());
  if (options->samplers.empty()) options->samplers = SamplersBeside(argv0, "map");
  return RunBenchmark({.name = "map",
                       .plan = PlanMap(*options),
                       .options = Described(*options),
                       .tables = {RenderRows, RenderCpu, RenderMapMemory, RenderGrowth}},
                      *options);
}

}  // namespace rcukv::bench
