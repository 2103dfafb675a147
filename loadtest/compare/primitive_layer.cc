#include "loadtest/compare/primitive_layer.h"

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "loadtest/base/interrupt.h"
#include "loadtest/compare/case_names.h"
#include "loadtest/compare/columns.h"

namespace rcukv::loadtest {
namespace {

LayerInfo InfoOf(const PrimitiveLoad& load) {
  return {.number = 1,
          .title = "the primitive",
          .what = absl::StrFormat(
              "%d threads read one pointer, a section a read; %d publish a new object, "
              "wait for a grace period and free the old one, without pause.",
              load.readers, load.writers),
          .columns = LookupColumns(),
          .cases = {{.name = kPrimitiveCase,
                     .title = absl::StrFormat("%d readers, %d writers of one pointer",
                                              load.readers, load.writers)}}};
}

}  // namespace

PrimitiveLayer::PrimitiveLayer(const CompareOptions& options)
    : load_{.readers = options.readers,
            .writers = options.writers,
            .duration = absl::Seconds(options.seconds)},
      info_(InfoOf(load_)) {}

absl::Status PrimitiveLayer::Prepare(const Strategy& strategy) {
  return PreparePrimitive(strategy);
}

absl::StatusOr<Sample> PrimitiveLayer::Measure(const Strategy& strategy,
                                               size_t /*number*/, uint64_t /*seed*/) {
  // Another mode of its domain may have had its turn since.
  if (absl::Status status = PreparePrimitive(strategy); !status.ok()) return status;
  const PrimitiveRates rates = RunPrimitiveLoad(strategy, load_);
  if (Interrupted() && rates.wrong == 0) return absl::CancelledError("interrupted");
  Sample sample;
  sample.reads_per_second = rates.reads_per_second;
  sample.cpu_ns_per_read = rates.cpu_ns_per_read;
  sample.writes_per_second = rates.writes_per_second;
  sample.reads = rates.reads;
  sample.wrong = rates.wrong;
  if (rates.wrong > 0) sample.first_wrong = "a reader saw an object that had been freed";
  return sample;
}

}  // namespace rcukv::loadtest
