#include "loadtest/flip/flip_timeline.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "loadtest/base/interrupt.h"
#include "loadtest/flip/flip_order.h"

namespace rcukv::loadtest {

double FlipTimeline::SinceStart(Clock::time_point time) const {
  return std::chrono::duration<double>(time - start_).count();
}

absl::StatusOr<Observation> FlipTimeline::Look() {
  absl::StatusOr<v1::GetStatusResponse> status = parts_.source.GetStatus();
  if (!status.ok()) return status.status();
  return Observation{.at = Clock::now(),
                     .status = *std::move(status),
                     .interrupts = parts_.interrupts()};
}

absl::Status FlipTimeline::Run(FlipResult& result) {
  const FlipOptions& options = result.options;
  absl::StatusOr<Observation> first = Look();
  if (!first.ok()) return first.status();
  last_ = *std::move(first);
  start_ = last_.at;
  // What was done to warm up.
  result.reads += parts_.reads.Take()->count();
  result.writes += parts_.writes.Take()->count();
  const std::vector<size_t> order =
      FlipOrder(options.settings.size(), static_cast<size_t>(options.rounds),
                static_cast<uint64_t>(options.seed));
  for (size_t i = 0; i < order.size() && !Interrupted(); ++i) {
    const absl::Status status = RunPhase(result, order[i], i / options.settings.size());
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status FlipTimeline::RunPhase(FlipResult& result, size_t setting, size_t round) {
  const absl::Status set = parts_.settings.Set(result.options.settings[setting]);
  if (!set.ok()) return set;
  const double now = SinceStart(Clock::now());
  result.phases.push_back({.setting = setting, .round = round, .from = now, .to = now});
  settled_.reset();
  const absl::Status status = TakeSamples(result);
  EndPhase(result);
  FlipPhase& phase = result.phases.back();
  phase.complete = status.ok() && !Interrupted() && settled_.has_value();
  if (status.ok()) parts_.ended(phase);
  return status;
}

absl::Status FlipTimeline::TakeSamples(FlipResult& result) {
  const FlipOptions& options = result.options;
  const Clock::time_point begin = Clock::now();
  const Clock::time_point end = begin + absl::ToChronoNanoseconds(options.duration);
  const Clock::time_point settled_from =
      begin + absl::ToChronoNanoseconds(options.settling());
  const Clock::duration interval = absl::ToChronoNanoseconds(options.interval);
  while (Clock::now() < end) {
    Clock::time_point next = std::max(last_.at, begin) + interval;
    // No sliver at the end, of which no percentile would say anything.
    if (next + interval / 2 > end) next = end;
    SleepUnlessInterrupted(absl::FromChrono(next - Clock::now()));
    const absl::Status status = TakeSample(result, settled_from);
    if (!status.ok()) return status;
    if (parts_.tally.failed()) return parts_.tally.failure();
    if (Interrupted()) break;
  }
  return absl::OkStatus();
}

absl::Status FlipTimeline::TakeSample(FlipResult& result,
                                      Clock::time_point settled_from) {
  absl::StatusOr<Observation> now = Look();
  if (!now.ok()) return now.status();
  const absl::Status status = Check(result, *now);
  if (!status.ok()) return status;
  const std::unique_ptr<Measurement> reads = parts_.reads.Take();
  const std::unique_ptr<Measurement> writes = parts_.writes.Take();
  result.reads += reads->count();
  result.writes += writes->count();
  const bool settled = last_.at >= settled_from;
  result.samples.push_back({.phase = result.phases.size() - 1,
                            .at = SinceStart(now->at),
                            .settled = settled,
                            .reported = SettingOf(now->status),
                            .figures = FiguresBetween(last_, *now, *reads, *writes)});
  if (settled) {
    if (!settled_.has_value()) settled_.emplace(Settled{.from = last_});
    settled_->reads.Merge(*reads);
    settled_->writes.Merge(*writes);
  }
  last_ = *std::move(now);
  return absl::OkStatus();
}

absl::Status FlipTimeline::Check(const FlipResult& result, const Observation& now) const {
  if (now.status.pid() != last_.status.pid()) {
    return absl::UnavailableError(absl::StrFormat(
        "the server's process was %d and is %d: it was started anew meanwhile, and what "
        "it counts begins again; look why it ended, and run this once more",
        last_.status.pid(), now.status.pid()));
  }
  const FlipPhase& phase = result.phases.back();
  const FlipSetting& wanted = result.options.settings[phase.setting];
  const FlipSetting reported = SettingOf(now.status);
  if (reported == wanted) return absl::OkStatus();
  return absl::AbortedError(absl::StrFormat(
      "phase %d is of %s, and the server says that it runs with %s: somebody else has "
      "switched it; see that nobody does while this runs",
      result.phases.size(), NameOf(wanted), NameOf(reported)));
}

void FlipTimeline::EndPhase(FlipResult& result) {
  FlipPhase& phase = result.phases.back();
  const size_t number = result.phases.size() - 1;
  for (const FlipSample& sample : result.samples) {
    if (sample.phase != number) continue;
    phase.to = sample.at;
    if (!sample.settled) continue;
    phase.backlog_bytes_max =
        std::max(phase.backlog_bytes_max, sample.figures.backlog_bytes);
  }
  if (!settled_.has_value()) return;
  phase.figures =
      FiguresBetween(settled_->from, last_, settled_->reads, settled_->writes);
}

}  // namespace rcukv::loadtest
