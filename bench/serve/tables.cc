#include "bench/serve/tables.h"

#include "bench/figure_table.h"
#include "bench/serve/plan.h"
#include "bench/statistics.h"
#include "loadtest/text_table.h"

namespace rcukv::bench {
namespace {

using loadtest::ShortNumber;

bool IsPaced(const MeasureResult& result) { return result.measure.name == kPacedMeasure; }

}  // namespace

std::string RenderClosedLoops(const std::vector<MeasureResult>& results) {
  return RenderFigures("closed loops",
                       {{"keys/s", "keys_per_second", ShortNumber},
                        {"min", "keys_per_second", ShortNumber, &Summary::min},
                        {"max", "keys_per_second", ShortNumber, &Summary::max},
                        {"server us/key", "server_cpu_us_per_key", TwoDecimals},
                        {"client us/key", "client_cpu_us_per_key", TwoDecimals}},
                       results,
                       [](const MeasureResult& result) { return !IsPaced(result); });
}

std::string RenderOpenLoops(const std::vector<MeasureResult>& results) {
  return RenderFigures("open loop, from when a Get was due",
                       {{"answered/s", "keys_per_second", ShortNumber},
                        {"p50", "p50_us", DurationOfUs},
                        {"p99", "p99_us", DurationOfUs},
                        {"p99.9", "p999_us", DurationOfUs},
                        {"longest", "max_us", DurationOfUs},
                        {"server us/key", "server_cpu_us_per_key", TwoDecimals}},
                       results, IsPaced);
}

}  // namespace rcukv::bench
