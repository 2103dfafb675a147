// Layer 4: BatchGet and StreamBatchGet over gRPC, from one key a call to many.
#ifndef RCUKV_LOADTEST_COMPARE_CALLS_LAYER_H_
#define RCUKV_LOADTEST_COMPARE_CALLS_LAYER_H_

#include <vector>

#include "loadtest/compare/case_names.h"
#include "loadtest/compare/compare_options.h"
#include "loadtest/compare/layer.h"
#include "loadtest/compare/servers.h"

namespace rcukv::loadtest {

class CallsLayer final : public Layer {
 public:
  // `servers` outlives the layer.
  CallsLayer(const CompareOptions& options, Servers& servers);

  const LayerInfo& info() const override { return info_; }
  absl::Status Prepare(const Strategy& strategy) override;
  absl::StatusOr<Sample> Measure(const Strategy& strategy, size_t number,
                                 uint64_t seed) override;

 private:
  struct Call {
    Rpc rpc;
    int64_t keys;
    Sections sections;
  };

  static std::vector<Call> CallsOf(const CompareOptions& options);
  static LayerInfo InfoOf(const CompareOptions& options, const std::vector<Call>& calls);

  const CompareOptions options_;
  Servers& servers_;
  // By number of case.
  const std::vector<Call> calls_;
  const LayerInfo info_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_CALLS_LAYER_H_
