#include "bench/sampler_process.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "bench/command.h"

namespace rcukv::bench {
namespace {

constexpr int kExitUsage = 2;
constexpr unsigned kPatienceSeconds = 120;

}  // namespace

absl::StatusOr<std::string> ParseSamplerArguments(int argc, char** argv,
                                                  const std::vector<std::string>& works,
                                                  loadtest::FlagSet flags) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const std::string work = arguments.empty() ? "" : arguments[0];
  if (std::find(works.begin(), works.end(), work) == works.end()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("the first argument is %s", absl::StrJoin(works, " or ")));
  }
  absl::Status status = flags.Parse({arguments.begin() + 1, arguments.end()});
  if (!status.ok()) return status;
  return work;
}

void EndWithParent(double seconds) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  alarm(kPatienceSeconds + static_cast<unsigned>(2 * seconds));
}

int SamplerFailed(const absl::Status& status) {
  absl::FPrintF(stderr, "sampler: %s\n", status.message());
  return kExitUsage;
}

int SamplerUnsupported(const std::string& reason) {
  std::puts(reason.c_str());
  return kExitUnsupported;
}

int SamplerDone(const Figures& figures) {
  std::fputs(FormatFigures(figures).c_str(), stdout);
  return 0;
}

}  // namespace rcukv::bench
