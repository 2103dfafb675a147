// Layer 1: readers and writers of one pointer, without a server.
#ifndef RCUKV_LOADTEST_COMPARE_PRIMITIVE_LAYER_H_
#define RCUKV_LOADTEST_COMPARE_PRIMITIVE_LAYER_H_

#include "loadtest/compare/compare_options.h"
#include "loadtest/compare/layer.h"
#include "loadtest/primitive/primitive_load.h"

namespace rcukv::loadtest {

class PrimitiveLayer final : public Layer {
 public:
  explicit PrimitiveLayer(const CompareOptions& options);

  const LayerInfo& info() const override { return info_; }
  absl::Status Prepare(const Strategy& strategy) override;
  absl::StatusOr<Sample> Measure(const Strategy& strategy, size_t number,
                                 uint64_t seed) override;

 private:
  const PrimitiveLoad load_;
  const LayerInfo info_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_PRIMITIVE_LAYER_H_
