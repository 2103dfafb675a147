// A soak as JSON, with every sample.
#ifndef RCUKV_LOADTEST_SOAK_SOAK_JSON_H_
#define RCUKV_LOADTEST_SOAK_SOAK_JSON_H_

#include <string>

#include "loadtest/base/machine.h"
#include "loadtest/soak/soak_result.h"

namespace rcukv::loadtest {

// The machine, the options, the samples, the counts and the verdict.
std::string ToJson(const SoakResult& result, const Machine& machine);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_SOAK_SOAK_JSON_H_
