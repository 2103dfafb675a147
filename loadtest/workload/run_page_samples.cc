// Usage: run_page_samples FOLDER. Writes NAME.html of runs that never were, one of each
// kind; for run_page_browser_test.py.
#include <cstdio>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "loadtest/page/page.h"
#include "loadtest/workload/run_page.h"
#include "loadtest/workload/run_page_fixture.h"

namespace rcukv::loadtest {
namespace {

// Everything that can go wrong did, and says so in markup.
RunResult FailedRun() {
  RunResult result = OpenRun();
  const std::string hostile = "</script><script>window.injected = 1</script>";
  result.options.table = hostile;
  result.options.address = hostile;
  result.wrong = 3;
  result.unchecked = 2;
  result.first_wrong = "key x" + hostile;
  result.failure = absl::UnavailableError("the server cannot be reached" + hostile);
  result.interrupted = true;
  return result;
}

// Interrupted before anything was measured.
RunResult EmptyRun() {
  RunResult result;
  result.interrupted = true;
  return result;
}

// Long, and with one kind of operation.
RunResult LongRun() {
  RunResult result = ClosedRun();
  const RunSecond second = result.seconds.back();
  for (int i = 0; i < 3600; ++i) {
    result.seconds.push_back(second);
    result.seconds.back().at += i + 1;
  }
  result.phase.processors.reset();
  return result;
}

bool Write(const std::string& folder, const std::string& name, const RunResult& result) {
  const std::string command = "./run loadtest run --workload=b --html=" + name + ".html";
  std::ofstream file(folder + "/" + name + ".html");
  file << RenderPage(RunPage(result, SomeMachine(), command, absl::UnixEpoch()));
  file.close();
  return file.good();
}

bool WriteAll(const std::string& folder) {
  return Write(folder, "closed", ClosedRun()) && Write(folder, "open", OpenRun()) &&
         Write(folder, "ramp", RampRun()) && Write(folder, "failed", FailedRun()) &&
         Write(folder, "empty", EmptyRun()) && Write(folder, "long", LongRun());
}

}  // namespace
}  // namespace rcukv::loadtest

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("Usage: run_page_samples FOLDER\n", stderr);
    return 2;
  }
  return rcukv::loadtest::WriteAll(argv[1]) ? 0 : 1;
}
