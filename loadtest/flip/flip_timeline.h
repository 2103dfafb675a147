// The phases of a flip: switches the server, and samples what comes of it, while somebody
// else loads it.
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_FLIP_FLIP_TIMELINE_H_
#define RCUKV_LOADTEST_FLIP_FLIP_TIMELINE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "loadtest/flip/flip_figures.h"
#include "loadtest/flip/flip_result.h"
#include "loadtest/flip/setting_switch.h"
#include "loadtest/flip/status_source.h"
#include "loadtest/workload/recorder.h"
#include "loadtest/workload/tally.h"

namespace rcukv::loadtest {

// What it is done with; all outlive the timeline.
struct FlipParts {
  StatusSource& source;
  // Has begun.
  SettingSwitch& settings;
  // Where those who load the server record what they measure, and whether a call failed.
  Recorder& reads;
  Recorder& writes;
  const Tally& tally;
  std::function<std::optional<uint64_t>()> interrupts;
  // Called when a phase has ended.
  std::function<void(const FlipPhase&)> ended;
};

class FlipTimeline {
 public:
  explicit FlipTimeline(FlipParts parts) : parts_(std::move(parts)) {}

  // Goes through the phases that `result.options` asks for, and adds them and their
  // samples to the result, those of a phase that was cut short as well. OK too where the
  // program was interrupted. An error: a call failed, of the load or to the source; the
  // server was started anew meanwhile; or it runs with another setting than that of the
  // phase, as somebody else has switched it.
  absl::Status Run(FlipResult& result);

 private:
  using Clock = Arrivals::Clock;

  // What was recorded of the settled samples of the phase that is under way.
  struct Settled {
    Observation from;
    Measurement reads = {};
    Measurement writes = {};
  };

  absl::StatusOr<Observation> Look();
  absl::Status RunPhase(FlipResult& result, size_t setting, size_t round);
  // Until the phase is over.
  absl::Status TakeSamples(FlipResult& result);
  // Of the time since the last one.
  absl::Status TakeSample(FlipResult& result, Clock::time_point settled_from);
  absl::Status Check(const FlipResult& result, const Observation& now) const;
  // The figures of the phase that is under way, so far.
  void EndPhase(FlipResult& result);
  double SinceStart(Clock::time_point time) const;

  const FlipParts parts_;
  Clock::time_point start_;
  // The end of the last sample.
  Observation last_;
  std::optional<Settled> settled_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_FLIP_FLIP_TIMELINE_H_
