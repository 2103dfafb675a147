#include "loadtest/workload/run_page_fixture.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "absl/time/time.h"
#include "loadtest/base/random.h"

namespace rcukv::loadtest {
namespace {

constexpr uint64_t kMicrosecond = 1000;

// As of a server: most are near `typical`, and one in a hundred takes several times as
// long.
uint64_t SomeLatency(uint64_t typical, Random& random) {
  const double tail = std::pow(random.Unit() + 1e-6, -0.45);
  return static_cast<uint64_t>(static_cast<double>(typical) * (0.7 + 0.3 * tail));
}

void Record(OperationKind kind, int count, uint64_t typical, uint64_t late_at_most,
            Random& random, Measurement& measured) {
  for (int i = 0; i < count; ++i) {
    const uint64_t sent = SomeLatency(typical, random);
    const auto late =
        static_cast<uint64_t>(random.Unit() * static_cast<double>(late_at_most));
    measured.Record(kind, {.from_send = sent, .from_due = sent + late});
  }
}

// One second, of about so many operations of about such a latency.
RunSecond SomeSecond(double at, uint64_t operations, uint64_t typical, Random& random) {
  const double more = 0.95 + 0.1 * random.Unit();
  const auto latency = static_cast<uint64_t>(static_cast<double>(typical) * more);
  const auto count = static_cast<uint64_t>(static_cast<double>(operations) * more);
  return {.at = at,
          .seconds = 1,
          .operations = count,
          .p50 = latency,
          .p99 = 3 * latency,
          .p999 = 7 * latency,
          .max = 11 * latency + random() % (20 * latency)};
}

Overhead SomeOverhead() {
  Random random(2);
  Overhead overhead;
  overhead.generator_nanoseconds = 850;
  MeasuredPhase& null_server = overhead.null_server.emplace();
  Record(OperationKind::kGet, 10'000, 110 * kMicrosecond, 0, random,
         *null_server.measured);
  null_server.seconds = 1;
  null_server.cpu_seconds = 0.09;
  return overhead;
}

// A warm-up of 2 s at half the speed, and 30 s.
RunResult SomeRun(uint64_t late_at_most) {
  Random random(1);
  RunResult result;
  for (int i = 1; i <= 32; ++i) {
    const bool warm_up = i <= 2;
    result.seconds.push_back(SomeSecond(i, warm_up ? 5000 : 10'000,
                                        (warm_up ? 600 : 310) * kMicrosecond, random));
    result.seconds.back().warm_up = warm_up;
  }
  // A second in which nothing was answered.
  result.seconds[20] = {.at = 21, .seconds = 1};
  Measurement& measured = *result.phase.measured;
  Record(OperationKind::kGet, 200'000, 300 * kMicrosecond, late_at_most, random,
         measured);
  Record(OperationKind::kPut, 20'000, 420 * kMicrosecond, late_at_most, random, measured);
  Record(OperationKind::kScan, 2000, 2500 * kMicrosecond, late_at_most, random, measured);
  result.phase.seconds = 30;
  result.server = ServerFacts{.version = "1.2.3", .settings = {{"flavor", "memb"}}};
  result.overhead = SomeOverhead();
  result.phase.cpu_seconds = 4;
  return result;
}

}  // namespace

RunResult ClosedRun() {
  RunResult result = SomeRun(0);
  result.phase.processors = ProcessorUse{.busy = 0.98, .own = 0.55};
  return result;
}

RunResult OpenRun() {
  RunResult result = SomeRun(2000 * kMicrosecond);
  result.options.rate = 10'000;
  result.phase.asked_rate = 10'000;
  for (RunSecond& second : result.seconds) second.asked_rate = 10'000;
  result.seconds.push_back({.after_end = true,
                            .asked_rate = 10'000,
                            .at = 33,
                            .seconds = 1,
                            .operations = 800,
                            .unanswered = 40,
                            .p50 = 900 * kMicrosecond,
                            .p99 = 990'000 * kMicrosecond,
                            .p999 = 995'000 * kMicrosecond,
                            .max = 1'000'000 * kMicrosecond});
  result.phase.measured->RecordUnanswered(1'000'000 * kMicrosecond, 40);
  result.phase.seconds = 31;
  result.phase.processors = ProcessorUse{.busy = 0.41, .own = 0.2};
  return result;
}

RunResult RampRun() {
  RunResult result = OpenRun();
  result.options.ramp_p99 = absl::Milliseconds(5);
  result.phase.asked_rate = 4000;
  result.steps = {
      {.rate = 1000, .done = 998, .p50 = 310'000, .p99 = 900'000, .met = true},
      {.rate = 2000, .done = 2003, .p50 = 320'000, .p99 = 1'400'000, .met = true},
      {.rate = 4000, .done = 3990, .p50 = 350'000, .p99 = 3'900'000, .met = true},
      {.rate = 8000,
       .done = 5100,
       .p50 = 90'000'000,
       .p99 = 700'000'000,
       .met = false,
       .reason = "calls queued up"},
      {.rate = 5600,
       .done = 4900,
       .p50 = 900'000,
       .p99 = 14'000'000,
       .met = false,
       .reason = "p99"}};
  return result;
}

Machine SomeMachine() {
  return {.cpu = "Example(R) Processor @ 2.50GHz",
          .cores = 2,
          .kernel = "Linux 6.1.0",
          .compiler = "GCC 12.2.0"};
}

}  // namespace rcukv::loadtest
