#include "bench/rcu/benchmark.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "bench/measure.h"
#include "bench/rcu/modes_table.h"
#include "bench/rcu/options.h"
#include "bench/rcu/plan.h"
#include "bench/rcu/tables.h"
#include "bench/report.h"
#include "bench/report_json.h"
#include "bench/runner.h"
#include "loadtest/interrupt.h"
#include "loadtest/machine.h"
#include "loadtest/output_file.h"

namespace rcukv::bench {
namespace {

using loadtest::Interrupted;
using loadtest::OutputFile;

constexpr int kExitDone = 0;
constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;
constexpr int kExitInterrupted = 130;

int Fail(const absl::Status& status, int exit_code) {
  absl::FPrintF(stderr, "bench: %s\n", status.message());
  return exit_code;
}

void Print(std::FILE* stream, const std::string& text) {
  std::fputs(text.c_str(), stream);
  std::fflush(stream);
}

// Bazel builds them beside the program, and knows it by a link.
std::string SamplersBeside(const std::string& argv0) {
  std::error_code error;
  std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) self = argv0;
  return self.parent_path() / "rcu";
}

// Before minutes of measuring, not in the middle.
absl::Status CheckSamplers(const std::vector<Measure>& plan) {
  for (const Measure& measure : plan) {
    for (const Arm& arm : measure.arms) {
      if (std::filesystem::exists(arm.command[0])) continue;
      return absl::NotFoundError(absl::StrFormat(
          "there is no sampler %s; ./run bench builds them all", arm.command[0]));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Figures> TakeSample(const Arm& arm) {
  if (Interrupted()) return absl::CancelledError("interrupted");
  absl::StatusOr<Figures> figures = SampleInAProcess(arm);
  // A Ctrl-C reaches the sampler too, and ends it.
  if (!figures.ok() && Interrupted()) return absl::CancelledError("interrupted");
  return figures;
}

void ShowResult(const MeasureResult& result) {
  const std::vector<Ratio> ratios = RatiosOf({result});
  for (const Ratio& ratio : ratios) {
    absl::FPrintF(stderr, "  %s %.2fx vs %s (%.2f to %.2f)\n", ratio.name,
                  ratio.ratio.median, ratio.peer, ratio.ratio.min, ratio.ratio.max);
  }
  Print(stderr, RenderLeftOut({result}));
}

std::vector<MeasureResult> RunPlan(const std::vector<Measure>& plan, int64_t rounds) {
  std::vector<MeasureResult> results;
  for (const Measure& measure : plan) {
    if (Interrupted()) break;
    absl::FPrintF(stderr, "[%d/%d] %s\n", results.size() + 1, plan.size(), measure.name);
    results.push_back(RunMeasure(measure, rounds, TakeSample));
    ShowResult(results.back());
  }
  return results;
}

void Report(const Context& context, const std::vector<MeasureResult>& results) {
  const std::vector<Ratio> ratios = RatiosOf(results);
  Print(stdout, ToString(context.machine) + "\n");
  for (const std::string& table : {RenderPatchTable(results), RenderMemory(results),
                                   RenderMembarrier(results), RenderModes(results)}) {
    if (!table.empty()) Print(stdout, "\n" + table);
  }
  if (!ratios.empty()) Print(stdout, "\n" + RatioLines(ratios));
  Print(stderr, "\n" + RenderSummary(ratios) + RenderLeftOut(results));
}

// What the machine cannot do is no failure.
bool WentWrong(const MeasureResult& result) {
  return !result.status.ok() && !absl::IsUnavailable(result.status);
}

int RunAndReport(const RcuOptions& options, const std::vector<Measure>& plan,
                 std::optional<OutputFile> json) {
  loadtest::CatchInterrupts();
  Context context;
  context.benchmark = "rcu";
  context.options = Described(options);
  context.machine = loadtest::ThisMachine();
  context.load_before = LoadAverage();
  const std::vector<MeasureResult> results = RunPlan(plan, options.rounds);
  context.load_after = LoadAverage();
  context.interrupted = Interrupted();
  Report(context, results);
  if (json.has_value()) {
    const absl::Status status = (*std::move(json)).Write(ToJson(context, results));
    if (!status.ok()) return Fail(status, kExitFailed);
  }
  if (context.interrupted) return kExitInterrupted;
  return std::any_of(results.begin(), results.end(), WentWrong) ? kExitFailed : kExitDone;
}

int List(const std::vector<Measure>& plan) {
  for (const Measure& measure : plan) Print(stdout, measure.name + "\n");
  return kExitDone;
}

}  // namespace

int BenchRcu(const std::string& argv0, const std::vector<std::string>& arguments) {
  absl::StatusOr<RcuOptions> options = ParseRcuOptions(arguments);
  if (!options.ok()) return Fail(options.status(), kExitUsage);
  if (options->help) {
    Print(stdout, RcuHelp());
    return kExitDone;
  }
  if (options->samplers.empty()) options->samplers = SamplersBeside(argv0);
  const std::vector<Measure> plan = PlanRcu(*options);
  if (plan.empty()) {
    return Fail(
        absl::NotFoundError(absl::StrFormat(
            "--filter=%s is found in no measure; --list names them", options->filter)),
        kExitUsage);
  }
  if (options->list) return List(plan);
  if (absl::Status status = CheckSamplers(plan); !status.ok()) {
    return Fail(status, kExitUsage);
  }
  std::optional<OutputFile> json;
  if (!options->json.empty()) {
    absl::StatusOr<OutputFile> opened = OutputFile::Open(options->json);
    if (!opened.ok()) return Fail(opened.status(), kExitUsage);
    json.emplace(*std::move(opened));
  }
  return RunAndReport(*options, plan, std::move(json));
}

}  // namespace rcukv::bench
