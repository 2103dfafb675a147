#include "bench/write/benchmark.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/fill.h"
#include "bench/serve/server_set.h"
#include "bench/session.h"
#include "bench/write/options.h"
#include "bench/write/plan.h"
#include "bench/write/scratch_directory.h"
#include "bench/write/stores.h"
#include "bench/write/tables.h"
#include "loadtest/interrupt.h"
#include "loadtest/text_table.h"

namespace rcukv::bench {
namespace {

using loadtest::GroupedNumber;
using loadtest::Interrupted;

constexpr int kExitFailed = 1;
constexpr int kExitInterrupted = 130;

int Fail(const absl::Status& status) {
  absl::FPrintF(stderr, "bench: %s\n", status.message());
  return kExitFailed;
}

// Where the directory that is recovered lies.
std::string RecoveredIn(const std::string& directory) {
  return absl::StrCat(directory, "/recovered");
}

absl::Status SayAndFill(int64_t entries, const Arm& arm) {
  absl::FPrintF(stderr, "filling %s with %s entries\n", arm.label,
                GroupedNumber(static_cast<uint64_t>(entries)));
  return Fill(arm);
}

// What the plan needs: the servers, the directory, or both.
absl::Status FillFor(const std::vector<Measure>& plan, const WriteOptions& options,
                     const std::vector<RunningServer>& servers,
                     const std::string& directory) {
  bool recovers = false;
  bool serves = false;
  for (const Measure& measure : plan) {
    (measure.name == kRecoveryMeasure ? recovers : serves) = true;
  }
  for (const RunningServer& server : servers) {
    if (!serves) break;
    absl::Status status = SayAndFill(options.entries, FillStoreArm(options, server));
    if (!status.ok()) return status;
  }
  if (!recovers) return absl::OkStatus();
  return SayAndFill(options.recovered_entries,
                    FillRecoveredArm(options, RecoveredIn(directory)));
}

int Run(const WriteOptions& options) {
  const auto directory = ScratchDirectory::Make(options.directory);
  if (!directory.ok()) return Fail(directory.status());
  if (directory->IsInMemory()) {
    absl::FPrintF(stderr,
                  "bench: warning: %s is in memory, where a sync costs nothing; name one "
                  "on a disk with --directory\n",
                  options.directory);
  }
  // Stopped before their directory is removed.
  const auto servers = StartStores(options, directory->path());
  if (!servers.ok()) return Fail(servers.status());
  std::vector<Measure> plan =
      PlanWrite(options, servers->running(), RecoveredIn(directory->path()));
  absl::Status filled = FillFor(plan, options, servers->running(), directory->path());
  if (!filled.ok()) return Fail(filled);
  return RunBenchmark({.name = "write",
                       .plan = std::move(plan),
                       .options = Described(options),
                       .tables = {RenderPuts, RenderReads, RenderRecovery}},
                      options);
}

}  // namespace

int BenchWrite(const std::string& argv0, const std::vector<std::string>& arguments) {
  absl::StatusOr<WriteOptions> options = ParseWriteOptions(arguments);
  if (!options.ok()) return FailUsage(options.status());
  if (options->help) return ShowHelp(WriteHelp());
  if (options->samplers.empty()) options->samplers = SamplersBeside(argv0, "write");
  if (options->server.empty()) {
    options->server = SamplersBeside(argv0, "../server/rcukv_server");
  }
  const std::vector<Measure> plan = PlanWrite(*options, NoStores(), "");
  if (options->list || plan.empty()) {
    return RunBenchmark({.name = "write", .plan = plan, .options = {}, .tables = {}},
                        *options);
  }
  loadtest::CatchInterrupts();
  const int exit_code = Run(*options);
  return Interrupted() ? kExitInterrupted : exit_code;
}

}  // namespace rcukv::bench
