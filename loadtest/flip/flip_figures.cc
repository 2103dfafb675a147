#include "loadtest/flip/flip_figures.h"

#include <chrono>

#include "loadtest/compare/grace_periods.h"

namespace rcukv::loadtest {
namespace {

void SetGracePeriods(const Observation& before, const Observation& after,
                     FlipFigures& figures) {
  figures.grace_periods = after.status.grace_periods().completed() -
                          before.status.grace_periods().completed();
  Sample sample;
  AddGracePeriods(before.status.grace_periods(), after.status.grace_periods(), sample);
  figures.grace_period_mean_ns = sample.grace_period_mean_ns;
  figures.grace_period_p99_ns = sample.grace_period_p99_ns;
}

void SetMembarriers(const v1::Membarrier& before, const v1::Membarrier& after,
                    FlipFigures& figures) {
  figures.expedited_calls = after.expedited_calls() - before.expedited_calls();
  figures.non_expedited_calls =
      after.non_expedited_calls() - before.non_expedited_calls();
  figures.global_expedited_calls =
      after.global_expedited_calls() - before.global_expedited_calls();
}

}  // namespace

CallFigures FiguresOf(const Measurement& measurement) {
  const LatencyHistogram due = measurement.AllFromDue();
  const LatencyHistogram sent = measurement.AllFromSend();
  return {.done = measurement.count(),
          .p50 = due.Percentile(50),
          .p99 = due.Percentile(99),
          .p999 = due.Percentile(99.9),
          .max = due.max(),
          .sent_p50 = sent.Percentile(50),
          .sent_p99 = sent.Percentile(99),
          .late_p99 = measurement.late().Percentile(99)};
}

FlipFigures FiguresBetween(const Observation& before, const Observation& after,
                           const Measurement& reads, const Measurement& writes) {
  FlipFigures figures = {
      .seconds = std::chrono::duration<double>(after.at - before.at).count(),
      .reads = FiguresOf(reads),
      .writes = FiguresOf(writes),
      .backlog_entries = after.status.backlog().entries(),
      .backlog_bytes = after.status.backlog().bytes()};
  SetGracePeriods(before, after, figures);
  SetMembarriers(before.status.membarrier(), after.status.membarrier(), figures);
  if (before.interrupts.has_value() && after.interrupts.has_value()) {
    figures.interrupts = *after.interrupts - *before.interrupts;
  }
  return figures;
}

}  // namespace rcukv::loadtest
