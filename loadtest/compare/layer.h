// A layer of the comparison: a place between the bare primitive and a client over gRPC at
// which the same strategies do the same work.
//
//   PrimitiveLayer layer(options);
//   for (const Strategy& strategy : strategies) {
//     if (absl::Status status = layer.Prepare(strategy); !status.ok()) return status;
//   }
//   absl::StatusOr<Sample> sample = layer.Measure(strategies[0], /*number=*/0, seed);
#ifndef RCUKV_LOADTEST_COMPARE_LAYER_H_
#define RCUKV_LOADTEST_COMPARE_LAYER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "loadtest/base/strategy.h"
#include "loadtest/compare/sample.h"

namespace rcukv::loadtest {

// One kind of work of a layer.
struct Case {
  // In scripts and files, and unique among all layers: "lookups.per_key".
  std::string name;
  // Above its part of the layer's table.
  std::string title;
  // Cases of one group share a chart, in which they go by their labels. Empty: all of the
  // layer's do, and go by their titles.
  std::string group = "";
  std::string label = "";
  // Its writes are a part of the work: a strategy that could not do as many as another
  // had less to do beside its reads, and is not compared with it.
  bool has_same_writes = false;
};

// A column of a layer's table, which has a row for each strategy.
struct Column {
  // kMedian: over the rounds. kSpeedup: how many times as good as the base's within a
  // round, with its interval.
  enum Kind { kMedian, kSpeedup };

  const char* title;
  Figure figure;
  Kind kind = kMedian;
  // For kMedian.
  std::string (*show)(double) = nullptr;
};

struct LayerInfo {
  // From 1 on.
  int number = 0;
  // "the primitive".
  std::string title;
  // What is done, in a sentence or two.
  std::string what;
  std::vector<Column> columns;
  std::vector<Case> cases;
};

// Thread safety: one thread.
class Layer {
 public:
  virtual ~Layer() = default;

  virtual const LayerInfo& info() const = 0;

  // Makes ready for a strategy; once, before the first measurement of any.
  virtual absl::Status Prepare(const Strategy& strategy) = 0;

  // Measures case `number` of info().cases with a strategy that was prepared. `seed` is
  // of what is chosen at random. CANCELLED: the program was interrupted.
  virtual absl::StatusOr<Sample> Measure(const Strategy& strategy, size_t number,
                                         uint64_t seed) = 0;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_LAYER_H_
