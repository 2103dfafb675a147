// What a figure was measured on, as JSON.
#ifndef RCUKV_LOADTEST_BASE_MACHINE_JSON_H_
#define RCUKV_LOADTEST_BASE_MACHINE_JSON_H_

#include <nlohmann/json.hpp>

#include "loadtest/base/machine.h"

namespace rcukv::loadtest {

inline nlohmann::ordered_json ToJson(const Machine& machine) {
  return {{"cpu", machine.cpu},
          {"cores", machine.cores},
          {"kernel", machine.kernel},
          {"compiler", machine.compiler}};
}

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_BASE_MACHINE_JSON_H_
