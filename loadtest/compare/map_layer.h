// Layer 2: lookups in the hash map, in this process.
#ifndef RCUKV_LOADTEST_COMPARE_MAP_LAYER_H_
#define RCUKV_LOADTEST_COMPARE_MAP_LAYER_H_

#include <map>
#include <memory>
#include <string>

#include "loadtest/compare/compare_options.h"
#include "loadtest/compare/dataset.h"
#include "loadtest/compare/layer.h"
#include "loadtest/compare/map_load.h"

namespace rcukv::loadtest {

class MapLayer final : public Layer {
 public:
  // `dataset` outlives the layer.
  MapLayer(const CompareOptions& options, const Dataset& dataset);

  const LayerInfo& info() const override { return info_; }
  absl::Status Prepare(const Strategy& strategy) override;
  absl::StatusOr<Sample> Measure(const Strategy& strategy, size_t number,
                                 uint64_t seed) override;

 private:
  const CompareOptions options_;
  const Dataset& dataset_;
  const LayerInfo info_;
  // By the name of the strategy.
  std::map<std::string, std::unique_ptr<MapUnderLoad>> maps_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_MAP_LAYER_H_
