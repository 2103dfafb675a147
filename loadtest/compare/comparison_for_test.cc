#include "loadtest/compare/comparison_for_test.h"

#include <cstdlib>
#include <utility>

#include "loadtest/compare/case_names.h"
#include "loadtest/compare/columns.h"

namespace rcukv::loadtest {
namespace {

constexpr int kRounds = 6;

Sample SampleOf(double reads_per_second, double cpu_ns_per_read) {
  Sample sample;
  sample.reads_per_second = reads_per_second;
  sample.cpu_ns_per_read = cpu_ns_per_read;
  sample.writes_per_second = 1000;
  sample.reads = 1000;
  return sample;
}

// `speeds` by strategy.
CaseResult CaseWith(const std::string& name, const std::vector<double>& speeds) {
  CaseResult result = {.info = {.name = name, .title = "Title of " + name},
                       .samples = {}};
  for (const double speed : speeds) {
    std::vector<Sample> samples;
    for (int round = 1; round <= kRounds; ++round) {
      samples.push_back(SampleOf(speed * round * 1e6, 1000 / speed));
    }
    result.samples.push_back(std::move(samples));
  }
  return result;
}

// Also with what calls over gRPC have.
CaseResult CallsWith(const std::string& name, const std::vector<double>& speeds) {
  CaseResult result = CaseWith(name, speeds);
  for (size_t strategy = 0; strategy < speeds.size(); ++strategy) {
    for (Sample& sample : result.samples[strategy]) {
      sample.call_p50_ns = 1e6;
      sample.call_p99_ns = 2e6;
      sample.call_p999_ns = 3e6;
      sample.server_user_seconds = 0.3;
      sample.server_system_seconds = 0.1;
      if (strategy == 1) sample.grace_period_mean_ns = 2000;
      if (strategy == 2) sample.grace_period_mean_ns = 8e6;
    }
  }
  return result;
}

LayerResult LayerOf(int number, std::vector<Column> columns,
                    std::vector<CaseResult> cases) {
  LayerResult layer = {.info = {.number = number,
                                .title = "some place",
                                .what = "What is done there.",
                                .columns = std::move(columns),
                                .cases = {}},
                       .cases = std::move(cases)};
  for (const CaseResult& result : layer.cases) layer.info.cases.push_back(result.info);
  return layer;
}

}  // namespace

Comparison MadeUpComparison() {
  const std::vector<double> apart = {1, 2, 2.1, 0.5};
  const std::vector<double> alike = {1, 1, 1, 0.5};
  Comparison comparison;
  comparison.strategies = *ParseStrategies("mb,memb-expedited,memb-non-expedited,rwlock");
  comparison.options.keys = {1, 100};
  comparison.options.write_rates = {1000};
  comparison.layers = {
      LayerOf(1, LookupColumns(), {CaseWith(kPrimitiveCase, apart)}),
      LayerOf(2, LookupColumns(), {CaseWith(MapCase(Sections::kOneAKey), apart)}),
      LayerOf(3, LookupColumns(),
              {CaseWith(LookupsCase(Sections::kTenAKey), apart),
               CaseWith(LookupsCase(Sections::kOneAKey), apart),
               CaseWith(LookupsCase(Sections::kOneABatch), alike)}),
      LayerOf(4, CallColumns(),
              {CallsWith(CallsCase(Rpc::kBatchGet, 1, Sections::kOneABatch), alike),
               CallsWith(CallsCase(Rpc::kBatchGet, 100, Sections::kOneABatch), alike)}),
      LayerOf(5, WriterColumns(),
              {CallsWith(WritersCase(1000, Reclaim::kCallRcu), alike),
               CallsWith(WritersCase(1000, Reclaim::kSynchronize), alike)}),
  };
  return comparison;
}

CaseResult& CaseOf(Comparison& comparison, const std::string& name) {
  for (LayerResult& layer : comparison.layers) {
    for (CaseResult& result : layer.cases) {
      if (result.info.name == name) return result;
    }
  }
  std::abort();
}

}  // namespace rcukv::loadtest
