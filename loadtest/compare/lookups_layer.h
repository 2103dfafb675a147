// Layer 3: lookups inside the server, without the network: RunLookups.
#ifndef RCUKV_LOADTEST_COMPARE_LOOKUPS_LAYER_H_
#define RCUKV_LOADTEST_COMPARE_LOOKUPS_LAYER_H_

#include "loadtest/compare/compare_options.h"
#include "loadtest/compare/layer.h"
#include "loadtest/compare/servers.h"

namespace rcukv::loadtest {

class LookupsLayer final : public Layer {
 public:
  // `servers` outlives the layer.
  LookupsLayer(const CompareOptions& options, Servers& servers);

  const LayerInfo& info() const override { return info_; }
  absl::Status Prepare(const Strategy& strategy) override;
  absl::StatusOr<Sample> Measure(const Strategy& strategy, size_t number,
                                 uint64_t seed) override;

 private:
  const CompareOptions options_;
  Servers& servers_;
  const LayerInfo info_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_LOOKUPS_LAYER_H_
