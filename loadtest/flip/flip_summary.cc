#include "loadtest/flip/flip_summary.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

namespace rcukv::loadtest {
namespace {

// As that of `loadtest run`.
constexpr uint64_t kKeptNanoseconds = 1'000'000;

// By round; NaN where there is none.
std::vector<double> ValuesOf(const FlipResult& result, size_t setting,
                             FlipMeasure measure) {
  std::vector<double> values(static_cast<size_t>(result.options.rounds), flip::kNone);
  for (const FlipPhase& phase : result.phases) {
    if (phase.setting != setting || !phase.complete) continue;
    values[phase.round] = measure(phase);
  }
  return values;
}

std::vector<double> Finite(std::vector<double> values) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  return values;
}

double OrNone(std::optional<double> value) { return value.value_or(flip::kNone); }

// Without a call there is no latency.
double LatencyOf(const CallFigures& calls, uint64_t CallFigures::*percentile) {
  return calls.max > 0 ? static_cast<double>(calls.*percentile) : flip::kNone;
}

}  // namespace

namespace flip {

double ReadRate(const FlipPhase& phase) {
  return phase.figures.Rate(phase.figures.reads.done);
}
double ReadP50(const FlipPhase& phase) {
  return LatencyOf(phase.figures.reads, &CallFigures::p50);
}
double ReadP99(const FlipPhase& phase) {
  return LatencyOf(phase.figures.reads, &CallFigures::p99);
}
double ReadP999(const FlipPhase& phase) {
  return LatencyOf(phase.figures.reads, &CallFigures::p999);
}
double WriteRate(const FlipPhase& phase) {
  return phase.figures.Rate(phase.figures.writes.done);
}
double WriteP50(const FlipPhase& phase) {
  return LatencyOf(phase.figures.writes, &CallFigures::p50);
}
double WriteP99(const FlipPhase& phase) {
  return LatencyOf(phase.figures.writes, &CallFigures::p99);
}
double GracePeriodRate(const FlipPhase& phase) {
  return phase.figures.Rate(phase.figures.grace_periods);
}
double GracePeriodMean(const FlipPhase& phase) {
  return OrNone(phase.figures.grace_period_mean_ns);
}
double GracePeriodP99(const FlipPhase& phase) {
  return OrNone(phase.figures.grace_period_p99_ns);
}
double BacklogBytes(const FlipPhase& phase) {
  return static_cast<double>(phase.backlog_bytes_max);
}
double InterruptRate(const FlipPhase& phase) {
  const std::optional<uint64_t> interrupts = phase.figures.interrupts;
  return interrupts.has_value() ? phase.figures.Rate(*interrupts) : kNone;
}
double ExpeditedRate(const FlipPhase& phase) {
  return phase.figures.Rate(phase.figures.expedited_calls);
}
double NonExpeditedRate(const FlipPhase& phase) {
  return phase.figures.Rate(phase.figures.non_expedited_calls);
}
double GlobalExpeditedRate(const FlipPhase& phase) {
  return phase.figures.Rate(phase.figures.global_expedited_calls);
}

}  // namespace flip

const std::vector<NamedFlipMeasure>& FlipMeasures() {
  static const auto* const measures = new std::vector<NamedFlipMeasure>{
      {"reads_per_second", flip::ReadRate},
      {"read_p50_ns", flip::ReadP50},
      {"read_p99_ns", flip::ReadP99},
      {"read_p99.9_ns", flip::ReadP999},
      {"writes_per_second", flip::WriteRate},
      {"write_p50_ns", flip::WriteP50},
      {"write_p99_ns", flip::WriteP99},
      {"grace_periods_per_second", flip::GracePeriodRate},
      {"grace_period_mean_ns", flip::GracePeriodMean},
      {"grace_period_p99_bound_ns", flip::GracePeriodP99},
      {"backlog_bytes_max", flip::BacklogBytes},
      {"function_call_interrupts_per_second", flip::InterruptRate},
      {"expedited_calls_per_second", flip::ExpeditedRate},
      {"non_expedited_calls_per_second", flip::NonExpeditedRate},
      {"global_expedited_calls_per_second", flip::GlobalExpeditedRate},
  };
  return *measures;
}

Spread SpreadOf(const FlipResult& result, size_t setting, FlipMeasure measure) {
  return SpreadOf(Finite(ValuesOf(result, setting, measure)));
}

Spread RatioOf(const FlipResult& result, size_t setting, size_t base,
               FlipMeasure measure) {
  const std::vector<double> values = ValuesOf(result, setting, measure);
  const std::vector<double> bases = ValuesOf(result, base, measure);
  std::vector<double> ratios;
  for (size_t round = 0; round < values.size(); ++round) {
    const double ratio = values[round] / bases[round];
    // NaN and infinity: one of them has none, or the other has nothing to compare with.
    if (std::isfinite(ratio)) ratios.push_back(ratio);
  }
  return SpreadOf(ratios);
}

size_t CompletePhases(const FlipResult& result, size_t setting) {
  return static_cast<size_t>(std::count_if(
      result.phases.begin(), result.phases.end(), [&](const FlipPhase& phase) {
        return phase.setting == setting && phase.complete;
      }));
}

size_t LatePhases(const FlipResult& result, size_t setting) {
  return static_cast<size_t>(std::count_if(
      result.phases.begin(), result.phases.end(), [&](const FlipPhase& phase) {
        const FlipFigures& figures = phase.figures;
        return phase.setting == setting && phase.complete &&
               std::max(figures.reads.late_p99, figures.writes.late_p99) >
                   kKeptNanoseconds;
      }));
}

}  // namespace rcukv::loadtest
