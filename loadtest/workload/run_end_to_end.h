// Runs `loadtest run` as a program, against a real server. For tests.
#ifndef RCUKV_LOADTEST_WORKLOAD_RUN_END_TO_END_H_
#define RCUKV_LOADTEST_WORKLOAD_RUN_END_TO_END_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "loadtest/process/loadtest_runner.h"
#include "loadtest/process/server_process.h"

namespace rcukv::loadtest {

class RunEndToEnd : public testing::Test {
 protected:
  void StartServer(const std::vector<std::string>& flags = {}) {
    auto server = ServerProcess::Start(kServer, flags);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  // With the address, few entries, and `more`.
  std::vector<std::string> Arguments(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"run", "--address=" + server_->addresses().data,
                                          "--entries=2000", "--callers=8",
                                          "--overhead=0s"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  // A short run.
  Outcome Run(std::vector<std::string> more) const {
    more.insert(more.begin(), {"--warm_up=100ms", "--duration=300ms"});
    return RunLoadTest(Arguments(more));
  }

  std::unique_ptr<ServerProcess> server_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_RUN_END_TO_END_H_
