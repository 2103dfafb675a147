// Layer 4: BatchGet and StreamBatchGet over gRPC, from one key a call to many.
#ifndef RCUKV_LOADTEST_COMPARE_CALLS_LAYER_H_
#define RCUKV_LOADTEST_COMPARE_CALLS_LAYER_H_

#include <memory>

#include "loadtest/compare/compare_options.h"
#include "loadtest/compare/layer.h"
#include "loadtest/compare/servers.h"

namespace rcukv::loadtest {

// `servers` outlives the layer.
std::unique_ptr<Layer> CallsLayer(const CompareOptions& options, Servers& servers);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_CALLS_LAYER_H_
