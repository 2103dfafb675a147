#include "loadtest/soak/soak_json.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/time/time.h"
#include "loadtest/base/machine_json.h"
#include "loadtest/soak/soak_verdict.h"

namespace rcukv::loadtest {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kIndent = 1;

Json ToJson(const SoakOptions& options) {
  return {{"duration_seconds", absl::ToDoubleSeconds(options.duration)},
          {"tolerance_percent", options.tolerance_percent},
          {"seed", options.seed},
          {"entries", options.entries},
          {"callers", options.callers},
          {"batch_callers", options.batch_callers},
          {"batch", options.batch},
          {"writers", options.writers},
          {"server_flags", ServerFlags(options)}};
}

Json ToJson(const SoakSample& sample) {
  return {{"seconds", sample.seconds},
          {"gets", sample.counts.gets},
          {"batched_gets", sample.counts.batched_gets},
          {"writes", sample.counts.writes},
          {"wrong", sample.counts.wrong},
          {"resident_bytes", sample.resident_bytes},
          {"allocated_bytes", sample.allocated_bytes},
          {"allocator_resident_bytes", sample.allocator_resident_bytes},
          {"entries", sample.entries},
          {"entry_bytes", sample.entry_bytes},
          {"bucket_bytes", sample.bucket_bytes},
          {"backlog_bytes", sample.backlog_bytes},
          {"kept_bytes", sample.kept_bytes}};
}

// null: there were too few samples.
Json ToJson(const SoakVerdict& verdict) {
  if (!verdict.enough_samples) return nullptr;
  return {{"flat", verdict.flat},
          {"early_resident_bytes", verdict.early_bytes},
          {"late_resident_bytes", verdict.late_bytes},
          {"growth_percent", verdict.growth_percent}};
}

}  // namespace

std::string ToJson(const SoakResult& result, const Machine& machine) {
  Json samples = Json::array();
  for (const SoakSample& sample : result.samples) samples.push_back(ToJson(sample));
  const SoakVerdict verdict =
      JudgeMemory(result.samples, result.options.tolerance_percent);
  const Json json = {
      {"machine", ToJson(machine)},
      {"options", ToJson(result.options)},
      {"server", result.server},
      {"interrupted", result.interrupted},
      {"failure", std::string(result.failure.message())},
      {"reads", result.counts.gets + result.counts.batched_gets},
      {"writes", result.counts.writes},
      {"wrong", result.counts.wrong},
      {"verdict", ToJson(verdict)},
      {"samples", std::move(samples)},
  };
  // What a server says need not be UTF-8.
  return json.dump(kIndent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rcukv::loadtest
