#include "bench/runner.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "bench/command.h"

namespace rcukv::bench {
namespace {

absl::Status OneRound(bool backwards, MeasureResult& result, TakeSample take_sample) {
  const size_t count = result.measure.arms.size();
  for (size_t turn = 0; turn < count; ++turn) {
    const size_t i = backwards ? count - 1 - turn : turn;
    const Arm& arm = result.measure.arms[i];
    absl::StatusOr<Figures> sample = take_sample(arm);
    if (!sample.ok()) {
      return absl::Status(sample.status().code(),
                          absl::StrCat(arm.label, ": ", sample.status().message()));
    }
    result.samples[i].push_back(*std::move(sample));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Figures> SampleInAProcess(const Arm& arm) {
  const absl::StatusOr<Finished> finished = RunToEnd(arm.command);
  if (!finished.ok()) return finished.status();
  absl::StatusOr<Figures> figures = ParseFigures(finished->output);
  if (!figures.ok()) return figures.status();
  (*figures)["peak_rss_bytes"] = static_cast<double>(finished->peak_rss_bytes);
  (*figures)["user_cpu_seconds"] = finished->user_seconds;
  (*figures)["system_cpu_seconds"] = finished->system_seconds;
  return figures;
}

MeasureResult RunMeasure(const Measure& measure, int64_t rounds, TakeSample take_sample) {
  MeasureResult result;
  result.measure = measure;
  result.samples.resize(measure.arms.size());
  for (int64_t round = 0;
       round < std::min(rounds, measure.max_rounds) && result.status.ok(); ++round) {
    result.status = OneRound(/*backwards=*/round % 2 == 1, result, take_sample);
  }
  return result;
}

}  // namespace rcukv::bench
