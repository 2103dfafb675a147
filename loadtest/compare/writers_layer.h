// Layer 5: readers over gRPC beside writers, at several rates, and with both ways to
// reclaim what they replace.
#ifndef RCUKV_LOADTEST_COMPARE_WRITERS_LAYER_H_
#define RCUKV_LOADTEST_COMPARE_WRITERS_LAYER_H_

#include <memory>

#include "loadtest/compare/compare_options.h"
#include "loadtest/compare/layer.h"
#include "loadtest/compare/servers.h"

namespace rcukv::loadtest {

// `servers` outlives the layer.
std::unique_ptr<Layer> WritersLayer(const CompareOptions& options, Servers& servers);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_WRITERS_LAYER_H_
