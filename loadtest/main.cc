// loadtest: what the barrier strategies cost, from the primitive to a client over gRPC.
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "loadtest/compare.h"
#include "loadtest/compare_options.h"
#include "loadtest/interrupt.h"
#include "loadtest/machine.h"
#include "loadtest/output_file.h"
#include "loadtest/primitive.h"
#include "loadtest/report.h"
#include "loadtest/report_json.h"
#include "loadtest/server_process.h"

namespace rcukv::loadtest {
namespace {

constexpr int kExitDone = 0;
// A server failed, or gave wrong answers.
constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;
constexpr int kExitInterrupted = 130;

constexpr char kUsage[] =
    "Usage: loadtest compare|primitive [--flag=value ...]\n"
    "  compare    the same load on one server a strategy, over gRPC and inside it\n"
    "  primitive  readers and writers of one pointer, without a server\n"
    "Each lists its flags with --help.\n";

void Print(const std::string& text) { std::fputs(text.c_str(), stdout); }

int Fail(const absl::Status& status, int exit_code) {
  absl::FPrintF(stderr, "loadtest: %s\n", status.message());
  return exit_code;
}

int Report(const Comparison& comparison, std::optional<OutputFile> json) {
  const Machine machine = ThisMachine();
  Print(RenderReport(comparison, machine));
  if (json.has_value()) {
    const absl::Status status = (*std::move(json)).Write(ToJson(comparison, machine));
    if (!status.ok()) return Fail(status, kExitFailed);
  }
  if (WrongReads(comparison) > 0) return kExitFailed;
  return comparison.interrupted ? kExitInterrupted : kExitDone;
}

int Compare(const std::string& argv0, const std::vector<std::string>& arguments) {
  absl::StatusOr<CompareOptions> options = ParseCompareOptions(arguments);
  if (!options.ok()) return Fail(options.status(), kExitUsage);
  if (options->help) {
    Print(CompareHelp());
    return kExitDone;
  }
  if (options->server_binary.empty()) {
    const absl::StatusOr<std::string> found = FindServerBinary(argv0);
    if (!found.ok()) return Fail(found.status(), kExitUsage);
    options->server_binary = *found;
  }
  std::optional<OutputFile> json;
  if (!options->json.empty()) {
    // Now, not after minutes of measuring.
    absl::StatusOr<OutputFile> opened = OutputFile::Open(options->json);
    if (!opened.ok()) return Fail(opened.status(), kExitUsage);
    json.emplace(*std::move(opened));
  }
  CatchInterrupts();
  const absl::StatusOr<Comparison> comparison = RunComparison(*options);
  if (!comparison.ok()) return Fail(comparison.status(), kExitFailed);
  return Report(*comparison, std::move(json));
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
