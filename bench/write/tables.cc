#include "bench/write/tables.h"

#include "bench/figure_table.h"
#include "bench/write/plan.h"
#include "loadtest/text_table.h"

namespace rcukv::bench {
namespace {

using loadtest::ShortNumber;

bool IsReads(const MeasureResult& result) { return result.measure.name == kReadsMeasure; }
bool IsRecovery(const MeasureResult& result) {
  return result.measure.name == kRecoveryMeasure;
}

}  // namespace

std::string RenderPuts(const std::vector<MeasureResult>& results) {
  return RenderFigures("writes",
                       {{"puts/s", "keys_per_second", ShortNumber},
                        {"min", "keys_per_second", ShortNumber, &Summary::min},
                        {"max", "keys_per_second", ShortNumber, &Summary::max},
                        {"server us/put", "server_cpu_us_per_key", TwoDecimals},
                        {"client us/put", "client_cpu_us_per_key", TwoDecimals}},
                       results, [](const MeasureResult& result) {
                         return !IsReads(result) && !IsRecovery(result);
                       });
}

std::string RenderReads(const std::vector<MeasureResult>& results) {
  return RenderFigures("Gets beside 64 writers, from when each was due",
                       {{"puts/s", "puts_per_second", ShortNumber},
                        {"gets/s", "keys_per_second", ShortNumber},
                        {"p50", "p50_us", DurationOfUs},
                        {"p99", "p99_us", DurationOfUs},
                        {"p99.9", "p999_us", DurationOfUs},
                        {"longest", "max_us", DurationOfUs}},
                       results, IsReads);
}

std::string RenderRecovery(const std::vector<MeasureResult>& results) {
  return RenderFigures("recovery",
                       {{"entries/s", "entries_per_second", ShortNumber},
                        {"seconds", "seconds", TwoDecimals}},
                       results, IsRecovery);
}

}  // namespace rcukv::bench
