// Usage: flip_page_samples FOLDER. Writes NAME.html of flips that never were; for
// flip_page_browser_test.py.
#include <cstdio>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "loadtest/flip/flip_page.h"
#include "loadtest/flip/flip_result_for_test.h"
#include "loadtest/flip/flip_setting.h"

namespace rcukv::loadtest {
namespace {

// Every setting there is, once, on a machine that hides its interrupts.
FlipResult AllSettings() {
  FlipResult result = SomeFlipResult();
  result.options.settings = AllFlipSettings();
  result.phases.resize(8);
  std::erase_if(result.samples,
                [](const FlipSample& sample) { return sample.phase > 7; });
  for (size_t i = 0; i < result.phases.size(); ++i) {
    result.phases[i].setting = i;
    result.phases[i].round = 0;
  }
  for (FlipSample& sample : result.samples) {
    sample.figures.interrupts.reset();
    // Each setting at a height of its own.
    sample.figures.reads.p99 *= 1 + sample.phase;
  }
  return result;
}

FlipResult FailedFlip() {
  FlipResult result = SomeFlipResult();
  result.failure =
      absl::UnavailableError("gone</script><script>window.injected = 1</script>");
  result.phases.resize(1);
  result.phases[0].complete = false;
  result.samples.resize(1);
  return result;
}

bool Write(const std::string& folder, const std::string& name, const FlipResult& result) {
  std::ofstream file(folder + "/" + name + ".html");
  file << RenderPage(FlipPage(result, {}, "./run loadtest flip --html=" + name + ".html",
                              absl::UnixEpoch()));
  file.close();
  return file.good();
}

bool WriteAll(const std::string& folder) {
  return Write(folder, "flip", SomeFlipResult()) && Write(folder, "all", AllSettings()) &&
         Write(folder, "failed", FailedFlip());
}

}  // namespace
}  // namespace rcukv::loadtest

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("Usage: flip_page_samples FOLDER\n", stderr);
    return 2;
  }
  return rcukv::loadtest::WriteAll(argv[1]) ? 0 : 1;
}
