// A layer whose works are calls over gRPC beside a writer: layers 4 and 5.
#ifndef RCUKV_LOADTEST_COMPARE_GRPC_LAYER_H_
#define RCUKV_LOADTEST_COMPARE_GRPC_LAYER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "loadtest/compare/case_names.h"
#include "loadtest/compare/compare_options.h"
#include "loadtest/compare/layer.h"
#include "loadtest/compare/servers.h"

namespace rcukv::loadtest {

// One kind of work.
struct GrpcWork {
  Case info;
  Rpc rpc = Rpc::kBatchGet;
  // A call.
  int64_t keys = 1;
  // A section a key or a call.
  Sections sections = Sections::kOneABatch;
  double writes_per_second = 0;
  Reclaim reclaim = Reclaim::kCallRcu;
};

class GrpcLayer final : public Layer {
 public:
  // `info` has no cases yet: they are those of `works`. `servers` outlives the layer.
  GrpcLayer(LayerInfo info, std::vector<GrpcWork> works, const CompareOptions& options,
            Servers& servers);

  const LayerInfo& info() const override { return info_; }
  absl::Status Prepare(const Strategy& strategy) override;
  absl::StatusOr<Sample> Measure(const Strategy& strategy, size_t number,
                                 uint64_t seed) override;

 private:
  LayerInfo info_;
  // By number of case.
  const std::vector<GrpcWork> works_;
  const CompareOptions options_;
  Servers& servers_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_GRPC_LAYER_H_
