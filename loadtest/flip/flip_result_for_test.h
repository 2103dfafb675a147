// The result of a flip that never was: two settings, six rounds, with figures that tell
// one thing from another.
#ifndef RCUKV_LOADTEST_FLIP_FLIP_RESULT_FOR_TEST_H_
#define RCUKV_LOADTEST_FLIP_FLIP_RESULT_FOR_TEST_H_

#include <cstddef>
#include <cstdint>

#include "loadtest/flip/flip_result.h"

namespace rcukv::loadtest {

// Of `seconds`, with grace periods of `grace_period_ns` and so many interrupts a second.
// All reads take 100 us but one in a hundred, which takes `read_p99_us`.
inline FlipFigures SomeFlipFigures(double seconds, uint64_t read_p99_us,
                                   double grace_period_ns, uint64_t interrupts) {
  const auto a_second = [&](uint64_t count) {
    return static_cast<uint64_t>(static_cast<double>(count) * seconds);
  };
  FlipFigures figures = {.seconds = seconds,
                         .reads = {.done = a_second(10'000),
                                   .p50 = 100'000,
                                   .p99 = read_p99_us * 1000,
                                   .p999 = 2 * read_p99_us * 1000,
                                   .max = 3 * read_p99_us * 1000,
                                   .sent_p50 = 90'000,
                                   .sent_p99 = 190'000,
                                   .late_p99 = 20'000},
                         .writes = {.done = a_second(1000),
                                    .p50 = 300'000,
                                    .p99 = 700'000,
                                    .p999 = 800'000,
                                    .max = 900'000,
                                    .sent_p50 = 280'000,
                                    .sent_p99 = 690'000,
                                    .late_p99 = 30'000},
                         .grace_periods = a_second(50),
                         .grace_period_mean_ns = grace_period_ns,
                         .grace_period_p99_ns = 2 * grace_period_ns,
                         .backlog_entries = 7,
                         .backlog_bytes = 7 * 256,
                         .interrupts = a_second(interrupts)};
  figures.expedited_calls = a_second(60);
  return figures;
}

// Phases of a second, four samples each, of which the first is not settled. The reads'
// p99 of non_expedited is that of expedited but for noise; its grace periods take a
// thousand times as long, and it has a tenth of the interrupts.
inline FlipResult SomeFlipResult() {
  FlipResult result;
  result.options.settings = {{v1::EXPEDITED, v1::CALL_RCU},
                             {v1::NON_EXPEDITED, v1::CALL_RCU}};
  result.options.duration = absl::Seconds(1);
  result.options.rounds = 6;
  result.server = "flavor MEMB, version 1.2.3, 1 serving thread";
  result.reads = 123'456;
  result.writes = 12'345;
  for (size_t i = 0; i < 12; ++i) {
    const size_t setting = (i / 2 + i) % 2;
    const size_t round = i / 2;
    const bool expedited = setting == 0;
    const uint64_t read_p99_us = 200 + (expedited ? 10 * (round % 2) : 5);
    const auto figures = [&](double seconds) {
      return SomeFlipFigures(seconds, read_p99_us, expedited ? 10e3 : 10e6,
                             expedited ? 1000 : 100);
    };
    const double from = static_cast<double>(i);
    for (int sample = 1; sample <= 4; ++sample) {
      result.samples.push_back({.phase = i,
                                .at = from + 0.25 * sample,
                                .settled = sample > 1,
                                .reported = result.options.settings[setting],
                                .figures = figures(0.25)});
    }
    result.phases.push_back({.setting = setting,
                             .round = round,
                             .from = from,
                             .to = from + 1,
                             .complete = true,
                             .figures = figures(0.75),
                             .backlog_bytes_max = 2048});
  }
  return result;
}

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_FLIP_FLIP_RESULT_FOR_TEST_H_
