#include "bench/sampler_process.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>

#include "absl/strings/str_format.h"
#include "bench/command.h"

namespace rcukv::bench {
namespace {

constexpr int kExitUsage = 2;
constexpr unsigned kPatienceSeconds = 120;

}  // namespace

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
