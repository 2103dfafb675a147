// Usage: compare_page_samples FOLDER. Writes NAME.html of comparisons that never were;
// for compare_page_browser_test.py.
#include <cstdio>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "loadtest/compare/compare_page.h"
#include "loadtest/compare/comparison_for_test.h"
#include "loadtest/compare/noisy_comparison_for_test.h"
#include "loadtest/page/page.h"

namespace rcukv::loadtest {
namespace {

// Ended early, and says so in markup.
Comparison FailedComparison() {
  Comparison comparison = NoisyComparison();
  const std::string hostile = "</script><script>window.injected = 1</script>";
  comparison.failure = absl::UnavailableError("strategy mb: gone" + hostile);
  comparison.missing = {{"rseq-expedited", "no mm_cid" + hostile}};
  comparison.layers[0].info.what += hostile;
  // In the third round of the last layer, after two of its strategies.
  for (CaseResult& result : comparison.layers.back().cases) {
    for (size_t i = 0; i < result.samples.size(); ++i) {
      result.samples[i].resize(i < 2 ? 3 : 2);
    }
  }
  return comparison;
}

// Three strategies, and one rate of writes.
Comparison BriefComparison() {
  Comparison comparison = NoisyComparison();
  comparison.strategies.resize(3);
  for (LayerResult& layer : comparison.layers) {
    for (CaseResult& result : layer.cases) result.samples.resize(3);
  }
  comparison.layers.back().cases.resize(2);
  return comparison;
}

// Interrupted before anything was measured.
Comparison EmptyComparison() {
  Comparison comparison;
  comparison.strategies = DefaultStrategies();
  comparison.interrupted = true;
  return comparison;
}

bool Write(const std::string& folder, const std::string& name,
           const Comparison& comparison) {
  const Machine machine = {.cpu = "Example(R) Processor @ 2.50GHz",
                           .cores = 2,
                           .kernel = "Linux 6.1.0",
                           .compiler = "GCC 12.2.0"};
  const std::string command = "./run loadtest compare --html=" + name + ".html";
  std::ofstream file(folder + "/" + name + ".html");
  file << RenderPage(ComparePage(comparison, machine, command, absl::UnixEpoch()));
  file.close();
  return file.good();
}

}  // namespace
}  // namespace rcukv::loadtest

int main(int argc, char** argv) {
  using namespace rcukv::loadtest;
  if (argc != 2) {
    std::fputs("Usage: compare_page_samples FOLDER\n", stderr);
    return 2;
  }
  const std::string folder = argv[1];
  const bool written = Write(folder, "full", NoisyComparison()) &&
                       Write(folder, "brief", BriefComparison()) &&
                       Write(folder, "failed", FailedComparison()) &&
                       Write(folder, "empty", EmptyComparison());
  return written ? 0 : 1;
}
