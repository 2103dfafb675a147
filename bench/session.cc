#include "bench/session.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "bench/report.h"
#include "bench/report_json.h"
#include "bench/runner.h"
#include "loadtest/base/interrupt.h"
#include "loadtest/base/machine.h"
#include "loadtest/base/output_file.h"

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

void Report(const Benchmark& benchmark, const Context& context,
            const std::vector<MeasureResult>& results) {
  const std::vector<Ratio> ratios = RatiosOf(results);
  Print(stdout, ToString(context.machine) + "\n");
  for (const auto& render : benchmark.tables) {
    const std::string table = render(results);
    if (!table.empty()) Print(stdout, "\n" + table);
  }
  if (!ratios.empty()) Print(stdout, "\n" + RatioLines(ratios));
  Print(stderr, "\n" + RenderSummary(ratios) + RenderLeftOut(results));
}

// What the machine cannot do is no failure.
bool WentWrong(const MeasureResult& result) {
  return !result.status.ok() && !absl::IsUnavailable(result.status);
}

int RunAndReport(const Benchmark& benchmark, int64_t rounds,
                 std::optional<OutputFile> json) {
  loadtest::CatchInterrupts();
  Context context;
  context.benchmark = benchmark.name;
  context.options = benchmark.options;
  context.machine = loadtest::ThisMachine();
  context.load_before = LoadAverage();
  const std::vector<MeasureResult> results = RunPlan(benchmark.plan, rounds);
  context.load_after = LoadAverage();
  context.interrupted = Interrupted();
  Report(benchmark, context, results);
  if (json.has_value()) {
    const absl::Status status = (*std::move(json)).Write(ToJson(context, results));
    if (!status.ok()) return Fail(status, kExitFailed);
  }
  if (context.interrupted) return kExitInterrupted;
  return std::any_of(results.begin(), results.end(), WentWrong) ? kExitFailed : kExitDone;
}

int List(const std::vector<Measure>& plan) {
  for (const Measure& measure : plan) {
    if (measure.compared.empty()) Print(stdout, measure.name + "\n");
    for (const Compared& compared : measure.compared) Print(stdout, compared.name + "\n");
  }
  return kExitDone;
}

}  // namespace

int RunBenchmark(const Benchmark& benchmark, const CommonOptions& options) {
  if (benchmark.plan.empty()) {
    return FailUsage(absl::NotFoundError(absl::StrFormat(
        "--filter=%s is found in no measure; --list names them", options.filter)));
  }
  if (options.list) return List(benchmark.plan);
  if (absl::Status status = CheckSamplers(benchmark.plan); !status.ok()) {
    return FailUsage(status);
  }
  std::optional<OutputFile> json;
  if (!options.json.empty()) {
    absl::StatusOr<OutputFile> opened = OutputFile::Open(options.json);
    if (!opened.ok()) return FailUsage(opened.status());
    json.emplace(*std::move(opened));
  }
  return RunAndReport(benchmark, options.rounds, std::move(json));
}

int FailUsage(const absl::Status& status) { return Fail(status, kExitUsage); }

int ShowHelp(const std::string& help) {
  Print(stdout, help);
  return kExitDone;
}

std::string SamplersBeside(const std::string& argv0, const std::string& name) {
  std::error_code error;
  // Bazel knows the program by a link.
  std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) self = argv0;
  return self.parent_path() / name;
}

}  // namespace rcukv::bench
