#include "bench/rcu/sampler.h"

#include <algorithm>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "bench/sampler_process.h"
#include "loadtest/base/flag_set.h"

namespace rcukv::bench {
namespace {

loadtest::FlagSet FlagsOf(SampleOptions& options) {
  loadtest::FlagSet flags;
  flags.Add("flavor", "which one", &options.flavor);
  flags.Add("readers", "threads that read all the time", &options.readers, 0, 1000);
  flags.Add("writers", "threads that replace, and synchronize", &options.writers, 0,
            1000);
  flags.Add("synchronizers", "threads that only synchronize", &options.synchronizers, 0,
            1000);
  flags.Add("idle", "threads that are registered and sleep", &options.idle, 0, 10000);
  flags.Add("seconds", "how long a load is watched", &options.seconds, 0.001, 600);
  flags.Add("callbacks", "objects to retire", &options.callbacks, 1, 1'000'000'000);
  flags.Add("allocate", "allocate each, and free it", &options.allocate);
  return flags;
}

int TakeSample(const Contender& contender, const std::string& work,
               const SampleOptions& options) {
  if (absl::Status status = contender.prepare(); !status.ok()) {
    return SamplerUnsupported(std::string(status.message()));
  }
  const Figures figures =
      work == "retire" ? contender.retire(options) : contender.load(options);
  return SamplerDone(figures);
}

}  // namespace

int SamplerMain(int argc, char** argv, const std::vector<Contender>& contenders) {
  SampleOptions options;
  const absl::StatusOr<std::string> work =
      ParseSamplerArguments(argc, argv, {"load", "retire"}, FlagsOf(options));
  if (!work.ok()) return SamplerFailed(work.status());
  const auto contender =
      std::ranges::find(contenders, options.flavor, &Contender::flavor);
  if (contender == contenders.end()) {
    return SamplerUnsupported(
        absl::StrFormat("there is no flavor \"%s\"", options.flavor));
  }
  EndWithParent(options.seconds);
  return TakeSample(*contender, *work, options);
}

}  // namespace rcukv::bench
