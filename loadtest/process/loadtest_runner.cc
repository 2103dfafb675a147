#include "loadtest/process/loadtest_runner.h"

#include <sys/stat.h>

#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_join.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

constexpr size_t kAllLines = 1000;
constexpr char kLoadTest[] = "loadtest/loadtest";

}  // namespace

std::unique_ptr<ChildProcess> StartLoadTest(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), kLoadTest);
  auto child = ChildProcess::Start(arguments);
  EXPECT_TRUE(child.ok()) << child.status();
  return *std::move(child);
}

Outcome WaitFor(ChildProcess& child) {
  // Nothing says so: returns when it has ended.
  (void)child.WaitForLine("a line that there never is", kLong);
  return {child.State(), absl::StrJoin(child.LastLines(kAllLines), "\n")};
}

Outcome RunLoadTest(std::vector<std::string> arguments) {
  return WaitFor(*StartLoadTest(std::move(arguments)));
}

std::string ServerScript(const std::string& name, const std::string& script) {
  const std::string path = testing::TempDir() + "/" + name;
  std::ofstream(path) << "#!/bin/sh\nserver=" << kServer << "\n" << script << "\n";
  chmod(path.c_str(), 0700);
  return "--server_binary=" + path;
}

std::string Content(const std::string& path) {
  std::stringstream content;
  content << std::ifstream(path).rdbuf();
  return content.str();
}

}  // namespace rcukv::loadtest
