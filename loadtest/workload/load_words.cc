#include "loadtest/workload/load_words.h"

#include <cstdint>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "loadtest/base/latency_histogram.h"
#include "loadtest/base/text_table.h"

namespace rcukv::loadtest {
namespace {

// Of the operations asked for, the share that must be done.
constexpr double kEnough = 0.99;

std::string Duration(uint64_t nanoseconds) {
  return ShortDuration(static_cast<double>(nanoseconds));
}

// "12.3 %"
std::string Share(uint64_t part, uint64_t all) {
  const double share = all > 0 ? static_cast<double>(part) / static_cast<double>(all) : 0;
  return absl::StrFormat("%.3g %%", 100 * share);
}

// Who held up the calls that were late.
std::string LateWords(const Measurement& measured, int64_t callers) {
  const uint64_t late = measured.late_calls();
  if (late == 0) return "";
  const uint64_t for_callers = measured.late_for_callers();
  std::string words =
      absl::StrFormat("%s calls (%s) were sent 1 ms late or later: ", GroupedNumber(late),
                      Share(late, measured.count()));
  if (for_callers > 0) {
    absl::StrAppendFormat(
        &words,
        "%s because all %d callers were waiting for answers (the server was too slow for "
        "this rate, or --callers too few)",
        GroupedNumber(for_callers), callers);
  }
  if (for_callers > 0 && for_callers < late) words += ", ";
  if (for_callers < late) {
    absl::StrAppendFormat(&words,
                          "%s because the generator came too late by itself (it "
                          "had too much to do, or no processor)",
                          GroupedNumber(late - for_callers));
  }
  return words + ".";
}

std::string NotKeptWords(const RunResult& result) {
  const Measurement& measured = *result.phase.measured;
  const uint64_t p99 = measured.late().Percentile(99);
  const uint64_t unanswered = measured.unanswered().count();
  std::string words = " The rate was NOT kept:";
  if (p99 >= kLateNanoseconds) {
    absl::StrAppendFormat(
        &words, " the p99 of the schedule error is %s, where it is to be below 1 ms.",
        Duration(p99));
  }
  if (unanswered > 0) {
    absl::StrAppendFormat(&words, " %s calls (%s) were not sent or not answered.",
                          GroupedNumber(unanswered),
                          Share(unanswered, measured.count() + unanswered));
  }
  const std::string late = LateWords(measured, result.options.callers);
  if (!late.empty()) words += " " + late;
  return words + " The latency from the due time has that in it.";
}

// "50.0k operations/s, latency p50 210 us and p99 900 us".
std::string LoadFigures(const MeasuredPhase& phase) {
  const LatencyHistogram latencies = phase.measured->AllFromDue();
  return absl::StrFormat("%s operations/s, latency p50 %s and p99 %s",
                         ShortNumber(phase.rate()), Duration(latencies.Percentile(50)),
                         Duration(latencies.Percentile(99)));
}

}  // namespace

std::string ScheduleWords(const RunResult& result) {
  if (!result.phase.asked_rate.has_value()) return "";
  const LatencyHistogram& late = result.phase.measured->late();
  const std::string words = absl::StrFormat(
      "Schedule error: p50 %s, p99 %s, max %s; %s of %s operations/s done.",
      Duration(late.Percentile(50)), Duration(late.Percentile(99)), Duration(late.max()),
      ShortNumber(result.phase.rate()), ShortNumber(*result.phase.asked_rate));
  if (!KeptSchedule(result.phase)) return words + NotKeptWords(result);
  if (result.phase.rate() < kEnough * *result.phase.asked_rate) {
    return words + " That is less than was asked for.";
  }
  return words;
}

std::string NullServerWords(const RunResult& result) {
  if (!result.overhead.has_value()) return "";
  const Overhead& overhead = *result.overhead;
  if (!overhead.failure.ok()) {
    return absl::StrFormat("What the client costs by itself is not known: %s.",
                           overhead.failure.message());
  }
  if (!overhead.null_server.has_value()) return "";
  const MeasuredPhase& null = *overhead.null_server;
  std::string words = absl::StrFormat(
      "The same load on a null server on this machine, which looks nothing up, for %s: "
      "%s; a call took %s of this program's processor time (%s above). That much of the "
      "above is the generator's, gRPC's and the kernel's own.",
      absl::FormatDuration(result.options.overhead), LoadFigures(null),
      ShortDuration(null.cpu_nanoseconds()),
      ShortDuration(result.phase.cpu_nanoseconds()));
  if (null.asked_rate.has_value() && !KeptSchedule(null)) {
    absl::StrAppendFormat(
        &words,
        " The rate was NOT kept there either, with a schedule error of %s at the p99: "
        "this machine is too slow for it.",
        Duration(null.measured->late().Percentile(99)));
  }
  return words;
}

std::string GeneratorWords(const RunResult& result) {
  if (!result.overhead.has_value()) return "";
  const Overhead& overhead = *result.overhead;
  if (overhead.generator_nanoseconds == 0) return "";
  std::string words = absl::StrFormat(
      "The generator itself takes %s of a processor an operation (measured against a "
      "target that answers at once, without the client library and the network)",
      ShortDuration(overhead.generator_nanoseconds));
  if (!overhead.null_target.has_value()) return words + ".";
  const LatencyHistogram& late = overhead.null_target->measured->late();
  return words +
         absl::StrFormat(
             "; at this rate its schedule error is p50 %s, p99 %s, max %s against that.",
             Duration(late.Percentile(50)), Duration(late.Percentile(99)),
             Duration(late.max()));
}

}  // namespace rcukv::loadtest
