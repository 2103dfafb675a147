// loadtest: what the barrier strategies cost, from the primitive to a client over gRPC;
// whether a server's memory stays flat under load; what switching its reclamation does
// to a steady load; and any workload on any server.
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "loadtest/base/interrupt.h"
#include "loadtest/base/machine.h"
#include "loadtest/base/output_file.h"
#include "loadtest/compare/compare.h"
#include "loadtest/compare/compare_options.h"
#include "loadtest/compare/compare_page.h"
#include "loadtest/compare/report.h"
#include "loadtest/compare/report_files.h"
#include "loadtest/flip/flip.h"
#include "loadtest/flip/flip_files.h"
#include "loadtest/flip/flip_options.h"
#include "loadtest/flip/flip_page.h"
#include "loadtest/flip/flip_report.h"
#include "loadtest/page/page.h"
#include "loadtest/page/shell_command.h"
#include "loadtest/primitive/primitive.h"
#include "loadtest/process/server_process.h"
#include "loadtest/soak/soak.h"
#include "loadtest/soak/soak_json.h"
#include "loadtest/soak/soak_options.h"
#include "loadtest/soak/soak_report.h"
#include "loadtest/workload/null_server_process.h"
#include "loadtest/workload/run.h"
#include "loadtest/workload/run_files.h"
#include "loadtest/workload/run_options.h"
#include "loadtest/workload/run_page.h"
#include "loadtest/workload/run_report.h"

namespace rcukv::loadtest {
namespace {

constexpr int kExitDone = 0;
// A server failed, gave wrong answers, or grew.
constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;
constexpr int kExitInterrupted = 130;

constexpr char kUsage[] =
    "Usage: loadtest compare|primitive|flip|soak|run [--flag=value ...]\n"
    "  compare    the same work with each strategy, from one pointer to calls over gRPC\n"
    "  primitive  readers and writers of one pointer, without a server\n"
    "  flip       membarrier and reclaim modes, switched under a steady load\n"
    "  soak       full load on one server, with writes: does its memory stay flat?\n"
    "  run        one workload on a server that is there: how fast, at which latencies?\n"
    "Each lists its flags with --help.\n";

void Print(const std::string& text) { std::fputs(text.c_str(), stdout); }

int Fail(const absl::Status& status, int exit_code) {
  absl::FPrintF(stderr, "loadtest: %s\n", status.message());
  return exit_code;
}

// Opened where there is a path.
absl::StatusOr<std::optional<OutputFile>> OpenIfNamed(const std::string& path) {
  std::optional<OutputFile> file;
  if (path.empty()) return file;
  absl::StatusOr<OutputFile> opened = OutputFile::Open(path);
  if (!opened.ok()) return opened.status();
  file.emplace(*std::move(opened));
  return file;
}

// For what a command finds; those that were named. Opened now, not after minutes of
// measuring.
struct Files {
  std::optional<OutputFile> json;
  std::optional<OutputFile> csv;
  std::optional<OutputFile> html;
};

// `options` has the paths.
template <class Options>
absl::StatusOr<Files> OpenFiles(const Options& options) {
  Files files;
  for (const auto& [path, target] :
       {std::pair(&options.json, &files.json), std::pair(&options.csv, &files.csv),
        std::pair(&options.html, &files.html)}) {
    absl::StatusOr<std::optional<OutputFile>> file = OpenIfNamed(*path);
    if (!file.ok()) return file.status();
    if (file->has_value()) target->emplace(**std::move(file));
  }
  return files;
}

// Where none was named, the one that was built with this program.
absl::Status FindServer(const std::string& argv0, std::string& server_binary) {
  if (!server_binary.empty()) return absl::OkStatus();
  absl::StatusOr<std::string> found = FindServerBinary(argv0);
  if (found.ok()) server_binary = *std::move(found);
  return found.status();
}

// As the script calls this program.
std::string CommandLine(const std::string& command,
                        const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {"./run", "loadtest", command};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return ShellCommand(words);
}

absl::Status WriteTo(std::optional<OutputFile> file, const std::string& content) {
  return file.has_value() ? (*std::move(file)).Write(content) : absl::OkStatus();
}

// Files before words: whoever reads those may not be there any more. What nothing is
// known of leaves the files as they are.
absl::Status Write(const Comparison& comparison, const Machine& machine,
                   const std::string& command, Files files) {
  if (!HasSamples(comparison) && comparison.failure.ok()) return absl::OkStatus();
  absl::Status status = WriteTo(std::move(files.json), ToJson(comparison, machine));
  status.Update(WriteTo(std::move(files.csv), ToCsv(comparison)));
  const Page page = ComparePage(comparison, machine, command, absl::Now());
  status.Update(WriteTo(std::move(files.html), RenderPage(page)));
  return status;
}

int Report(const Comparison& comparison, const std::string& command, Files files) {
  const Machine machine = ThisMachine();
  const absl::Status status = Write(comparison, machine, command, std::move(files));
  Print(RenderReport(comparison, machine));
  if (!status.ok()) return Fail(status, kExitFailed);
  if (!comparison.failure.ok() || WrongReads(comparison) > 0) return kExitFailed;
  return comparison.interrupted ? kExitInterrupted : kExitDone;
}

int Compare(const std::string& argv0, const std::vector<std::string>& arguments) {
  absl::StatusOr<CompareOptions> options = ParseCompareOptions(arguments);
  if (!options.ok()) return Fail(options.status(), kExitUsage);
  if (options->help) {
    Print(CompareHelp());
    return kExitDone;
  }
  const absl::Status server = FindServer(argv0, options->server_binary);
  if (!server.ok()) return Fail(server, kExitUsage);
  absl::StatusOr<Files> files = OpenFiles(*options);
  if (!files.ok()) return Fail(files.status(), kExitUsage);
  CatchInterrupts();
  const absl::StatusOr<Comparison> comparison = RunComparison(*options);
  if (!comparison.ok()) return Fail(comparison.status(), kExitFailed);
  return Report(*comparison, CommandLine("compare", arguments), *std::move(files));
}

int Report(const SoakResult& result, std::optional<OutputFile> json) {
  const Machine machine = ThisMachine();
  Print(RenderSoak(result, machine));
  const absl::Status status = WriteTo(std::move(json), ToJson(result, machine));
  if (!status.ok()) return Fail(status, kExitFailed);
  if (!result.failure.ok() || result.counts.wrong > 0) return kExitFailed;
  if (result.interrupted) return kExitInterrupted;
  return Passed(result) ? kExitDone : kExitFailed;
}

int Soak(const std::string& argv0, const std::vector<std::string>& arguments) {
  absl::StatusOr<SoakOptions> options = ParseSoakOptions(arguments);
  if (!options.ok()) return Fail(options.status(), kExitUsage);
  if (options->help) {
    Print(SoakHelp());
    return kExitDone;
  }
  const absl::Status server = FindServer(argv0, options->server_binary);
  if (!server.ok()) return Fail(server, kExitUsage);
  absl::StatusOr<std::optional<OutputFile>> json = OpenIfNamed(options->json);
  if (!json.ok()) return Fail(json.status(), kExitUsage);
  CatchInterrupts();
  const absl::StatusOr<SoakResult> result = RunSoak(*options);
  if (!result.ok()) return Fail(result.status(), kExitFailed);
  return Report(*result, *std::move(json));
}

int Report(const RunResult& result, const std::string& command, Files files) {
  const Machine machine = ThisMachine();
  Print(RenderRun(result, machine));
  absl::Status status = WriteTo(std::move(files.json), ToJson(result, machine));
  status.Update(WriteTo(std::move(files.csv), ToCsv(result)));
  const Page page = RunPage(result, machine, command, absl::Now());
  status.Update(WriteTo(std::move(files.html), RenderPage(page)));
  if (!status.ok()) return Fail(status, kExitFailed);
  if (!result.failure.ok() || result.wrong > 0) return kExitFailed;
  if (result.interrupted) return kExitInterrupted;
  return MissedObjective(result) ? kExitFailed : kExitDone;
}

int Run(const std::vector<std::string>& arguments) {
  const absl::StatusOr<RunOptions> options = ParseRunOptions(arguments);
  if (!options.ok()) return Fail(options.status(), kExitUsage);
  if (options->help) {
    Print(RunHelp());
    return kExitDone;
  }
  absl::StatusOr<Files> files = OpenFiles(*options);
  if (!files.ok()) return Fail(files.status(), kExitUsage);
  CatchInterrupts();
  const absl::StatusOr<RunResult> result = RunWorkload(*options);
  if (!result.ok()) {
    if (Interrupted()) return kExitInterrupted;
    // A server that is not there, or not any more, may have been named rightly.
    const bool gone =
        absl::IsUnavailable(result.status()) || absl::IsDeadlineExceeded(result.status());
    return Fail(result.status(), gone ? kExitFailed : kExitUsage);
  }
  return Report(*result, CommandLine("run", arguments), *std::move(files));
}

int Report(const FlipResult& result, const std::string& command, Files files) {
  const Machine machine = ThisMachine();
  Print(RenderFlip(result, machine));
  absl::Status status = WriteTo(std::move(files.json), ToJson(result, machine));
  status.Update(WriteTo(std::move(files.csv), ToCsv(result)));
  const Page page = FlipPage(result, machine, command, absl::Now());
  status.Update(WriteTo(std::move(files.html), RenderPage(page)));
  if (!status.ok()) return Fail(status, kExitFailed);
  if (!result.failure.ok() || !result.restore_failure.ok() || result.wrong > 0) {
    return kExitFailed;
  }
  return result.interrupted ? kExitInterrupted : kExitDone;
}

int Flip(const std::string& argv0, const std::vector<std::string>& arguments) {
  absl::StatusOr<FlipOptions> options = ParseFlipOptions(arguments);
  if (!options.ok()) return Fail(options.status(), kExitUsage);
  if (options->help) {
    Print(FlipHelp());
    return kExitDone;
  }
  if (options->address.empty()) {
    const absl::Status found = FindServer(argv0, options->server_binary);
    if (!found.ok()) return Fail(found, kExitUsage);
  }
  absl::StatusOr<Files> files = OpenFiles(*options);
  if (!files.ok()) return Fail(files.status(), kExitUsage);
  CatchInterrupts();
  const absl::StatusOr<FlipResult> result = RunFlip(*options);
  if (!result.ok()) return Fail(result.status(), kExitFailed);
  return Report(*result, CommandLine("flip", arguments), *std::move(files));
}

// For the overhead of a run, which starts it itself.
int NullServer(const std::vector<std::string>& arguments) {
  const absl::StatusOr<RunOptions> options = ParseRunOptions(arguments);
  if (!options.ok()) return Fail(options.status(), kExitUsage);
  CatchInterrupts();
  const absl::Status status = ServeNull(*options);
  return status.ok() ? kExitDone : Fail(status, kExitFailed);
}

int Primitive(const std::vector<std::string>& arguments) {
  const absl::StatusOr<PrimitiveOptions> options = ParsePrimitiveOptions(arguments);
  if (!options.ok()) return Fail(options.status(), kExitUsage);
  if (options->help) {
    Print(PrimitiveHelp());
    return kExitDone;
  }
  CatchInterrupts();
  const absl::StatusOr<std::vector<PrimitiveResult>> results = RunPrimitive(*options);
  if (!results.ok()) return Fail(results.status(), kExitFailed);
  Print(ToString(ThisMachine()) + "\n" + RenderPrimitive(*options, *results));
  return Interrupted() ? kExitInterrupted : kExitDone;
}

int Main(const std::vector<std::string>& arguments) {
  const std::string command = arguments.size() > 1 ? arguments[1] : "";
  const std::vector<std::string> flags(arguments.begin() + (arguments.size() > 1 ? 2 : 1),
                                       arguments.end());
  if (command == "compare") return Compare(arguments[0], flags);
  if (command == "primitive") return Primitive(flags);
  if (command == "flip") return Flip(arguments[0], flags);
  if (command == "soak") return Soak(arguments[0], flags);
  if (command == "run") return Run(flags);
  if (command == kNullServerCommand) return NullServer(flags);
  if (command == "--help" || command == "help") {
    Print(kUsage);
    return kExitDone;
  }
  absl::FPrintF(stderr, "loadtest: %s\n%s",
                command.empty() ? "no command"
                                : absl::StrFormat("there is no command \"%s\"", command),
                kUsage);
  return kExitUsage;
}

}  // namespace
}  // namespace rcukv::loadtest

int main(int argc, char** argv) { return rcukv::loadtest::Main({argv, argv + argc}); }
