#include "loadtest/base/machine.h"

#include <sys/utsname.h>

#include <fstream>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"

namespace rcukv::loadtest {
namespace {

#ifdef __clang__
constexpr char kCompiler[] = __VERSION__;
#else
constexpr char kCompiler[] = "GCC " __VERSION__;
#endif

std::string CpuName() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!absl::StartsWith(line, "model name")) continue;
    const size_t colon = line.find(": ");
    if (colon != line.npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::string Kernel() {
  utsname name;
  if (uname(&name) != 0) return "unknown";
  return absl::StrFormat("%s %s", name.sysname, name.release);
}

}  // namespace

Machine ThisMachine() {
  return {.cpu = CpuName(),
          .cores = std::thread::hardware_concurrency(),
          .kernel = Kernel(),
          .compiler = kCompiler};
}

std::string ToString(const Machine& machine) {
  return absl::StrFormat("%d cores of %s, %s, %s", machine.cores, machine.cpu,
                         machine.kernel, machine.compiler);
}

}  // namespace rcukv::loadtest
