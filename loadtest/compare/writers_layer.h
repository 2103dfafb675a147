// Layer 5: readers over gRPC beside writers, at several rates, and with both ways to
// reclaim what they replace.
#ifndef RCUKV_LOADTEST_COMPARE_WRITERS_LAYER_H_
#define RCUKV_LOADTEST_COMPARE_WRITERS_LAYER_H_

#include <vector>

#include "loadtest/compare/case_names.h"
#include "loadtest/compare/compare_options.h"
#include "loadtest/compare/layer.h"
#include "loadtest/compare/servers.h"

namespace rcukv::loadtest {

class WritersLayer final : public Layer {
 public:
  // `servers` outlives the layer.
  WritersLayer(const CompareOptions& options, Servers& servers);

  const LayerInfo& info() const override { return info_; }
  absl::Status Prepare(const Strategy& strategy) override;
  absl::StatusOr<Sample> Measure(const Strategy& strategy, size_t number,
                                 uint64_t seed) override;

 private:
  struct Writes {
    int64_t per_second;
    Reclaim reclaim;
  };

  static std::vector<Writes> WritesOf(const CompareOptions& options);
  static LayerInfo InfoOf(const CompareOptions& options,
                          const std::vector<Writes>& writes);

  const CompareOptions options_;
  Servers& servers_;
  // By number of case.
  const std::vector<Writes> writes_;
  const LayerInfo info_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_WRITERS_LAYER_H_
