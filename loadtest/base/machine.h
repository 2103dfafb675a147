// What a figure was measured on.
#ifndef RCUKV_LOADTEST_BASE_MACHINE_H_
#define RCUKV_LOADTEST_BASE_MACHINE_H_

#include <string>

namespace rcukv::loadtest {

struct Machine {
  // As the kernel says it; "unknown" where it does not.
  std::string cpu;
  unsigned cores = 0;
  // "Linux 6.1.0".
  std::string kernel;
  std::string compiler;
};

Machine ThisMachine();

// "2 cores of ..., Linux 6.1.0, GCC 12.2.0".
std::string ToString(const Machine& machine);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_BASE_MACHINE_H_
