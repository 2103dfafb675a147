#include "bench/rcu/sampler.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_format.h"
#include "bench/sampler_process.h"
#include "loadtest/flag_set.h"

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

int TakeSample(const Contender& contender, const std::string& what,
               const SampleOptions& options) {
  if (absl::Status status = contender.prepare(); !status.ok()) {
    return SamplerUnsupported(std::string(status.message()));
  }
  const Figures figures =
      what == "retire" ? contender.retire(options) : contender.load(options);
  return SamplerDone(figures);
}

}  // namespace

int SamplerMain(int argc, char** argv, const std::vector<Contender>& contenders) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const std::string what = arguments.empty() ? "" : arguments[0];
  if (what != "load" && what != "retire") {
    return SamplerFailed(
        absl::InvalidArgumentError("the first argument is load or retire"));
  }
  SampleOptions options;
  if (absl::Status status =
          FlagsOf(options).Parse({arguments.begin() + 1, arguments.end()});
      !status.ok()) {
    return SamplerFailed(status);
  }
  const auto contender =
      std::find_if(contenders.begin(), contenders.end(),
                   [&](const Contender& c) { return c.flavor == options.flavor; });
  if (contender == contenders.end()) {
    return SamplerUnsupported(
        absl::StrFormat("there is no flavor \"%s\"", options.flavor));
  }
  EndWithParent(options.seconds);
  return TakeSample(*contender, what, options);
}

}  // namespace rcukv::bench
