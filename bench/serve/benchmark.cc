#include "bench/serve/benchmark.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "bench/fill.h"
#include "bench/runner.h"
#include "bench/serve/options.h"
#include "bench/serve/plan.h"
#include "bench/serve/server_set.h"
#include "bench/serve/servers.h"
#include "bench/serve/tables.h"
#include "bench/session.h"
#include "bench/statistics.h"
#include "loadtest/interrupt.h"
#include "loadtest/text_table.h"

namespace rcukv::bench {
namespace {

using loadtest::GroupedNumber;
using loadtest::Interrupted;

constexpr int kExitFailed = 1;
constexpr int kExitInterrupted = 130;
// Of each way in which memcached's peak may be found.
constexpr int64_t kPeakRounds = 3;

int Fail(const absl::Status& status) {
  absl::FPrintF(stderr, "bench: %s\n", status.message());
  return kExitFailed;
}

absl::StatusOr<Figures> Sample(const Arm& arm) {
  if (Interrupted()) return absl::CancelledError("interrupted");
  return SampleInAProcess(arm);
}

absl::Status FillAll(const ServeOptions& options,
                     const std::vector<RunningServer>& servers) {
  for (const RunningServer& server : servers) {
    absl::FPrintF(stderr, "filling %s with %s entries\n", server.label,
                  GroupedNumber(static_cast<uint64_t>(options.entries)));
    absl::Status status = Fill(FillArm(options, server));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// Gets a second, of the best way.
absl::StatusOr<double> PeakOfMemcached(const ServeOptions& options,
                                       const std::vector<RunningServer>& servers) {
  Measure measure = {.name = "peak", .arms = PeakArms(options, servers), .compared = {}};
  const MeasureResult result = RunMeasure(measure, kPeakRounds, Sample);
  if (!result.status.ok()) return result.status;
  double peak = 0;
  for (const Samples& samples : result.samples) {
    peak = std::max(peak, SummaryOf(ValuesOf(samples, "keys_per_second")).median);
  }
  return peak;
}

// Of the open loops, if any are asked for.
absl::StatusOr<double> RateOf(const ServeOptions& options,
                              const std::vector<RunningServer>& servers) {
  const std::vector<Measure> plan = PlanServe(options, servers, /*rate=*/1);
  const bool paced = std::any_of(plan.begin(), plan.end(), [](const Measure& measure) {
    return measure.name == kPacedMeasure;
  });
  if (options.rate > 0 || !paced) return std::max(options.rate, 1.0);
  const absl::StatusOr<double> peak = PeakOfMemcached(options, servers);
  if (!peak.ok()) return peak.status();
  const double rate = *peak / 2;
  absl::FPrintF(stderr, "memcached's peak is %s Gets/s: open loops get %s\n",
                loadtest::ShortNumber(*peak), loadtest::ShortNumber(rate));
  return rate;
}

int Run(ServeOptions options, const std::vector<RunningServer>& servers) {
  if (absl::Status status = FillAll(options, servers); !status.ok()) return Fail(status);
  const absl::StatusOr<double> rate = RateOf(options, servers);
  if (!rate.ok()) return Fail(rate.status());
  options.rate = *rate;
  return RunBenchmark({.name = "serve",
                       .plan = PlanServe(options, servers, options.rate),
                       .options = Described(options),
                       .tables = {RenderClosedLoops, RenderOpenLoops}},
                      options);
}

}  // namespace

int BenchServe(const std::string& argv0, const std::vector<std::string>& arguments) {
  absl::StatusOr<ServeOptions> options = ParseServeOptions(arguments);
  if (!options.ok()) return FailUsage(options.status());
  if (options->help) return ShowHelp(ServeHelp());
  if (options->samplers.empty()) options->samplers = SamplersBeside(argv0, "serve");
  if (options->server.empty()) {
    options->server = SamplersBeside(argv0, "../server/rcukv_server");
  }
  const std::vector<Measure> plan = PlanServe(*options, NoServers(), /*rate=*/1);
  if (options->list || plan.empty()) {
    return RunBenchmark({.name = "serve", .plan = plan, .options = {}, .tables = {}},
                        *options);
  }
  loadtest::CatchInterrupts();
  const auto servers = StartServers(*options);
  if (!servers.ok()) return Fail(servers.status());
  const int exit_code = Run(*options, servers->running());
  return Interrupted() ? kExitInterrupted : exit_code;
}

}  // namespace rcukv::bench
