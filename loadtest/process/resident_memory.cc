#include "loadtest/process/resident_memory.h"

#include <fstream>
#include <sstream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"

namespace rcukv::loadtest {

absl::StatusOr<uint64_t> ResidentBytes(pid_t pid) {
  std::ifstream file(absl::StrFormat("/proc/%d/status", pid));
  if (!file) return absl::NotFoundError(absl::StrFormat("there is no process %d", pid));
  std::stringstream status;
  status << file.rdbuf();
  return ParseResidentBytes(status.str());
}

absl::StatusOr<uint64_t> ParseResidentBytes(std::string_view status) {
  std::istringstream lines{std::string(status)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name, unit;
    uint64_t kibibytes;
    if (words >> name >> kibibytes >> unit && name == "VmRSS:" && unit == "kB") {
      return kibibytes << 10;
    }
  }
  return absl::InvalidArgumentError("the kernel does not say what the process occupies");
}

}  // namespace rcukv::loadtest
