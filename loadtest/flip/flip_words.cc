#include "loadtest/flip/flip_words.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "loadtest/base/statistics.h"
#include "loadtest/base/text_table.h"
#include "loadtest/compare/spread_text.h"
#include "loadtest/flip/flip_setting.h"
#include "loadtest/flip/flip_summary.h"

namespace rcukv::loadtest {
namespace {

struct Compared {
  FlipMeasure measure;
  // Before the ratio, and after it.
  const char* before;
  const char* after;
};

constexpr Compared kCompared[] = {
    {flip::ReadP50, "the reads' p50 is ", ""},
    {flip::ReadP99, "their p99 ", ""},
    {flip::ReadP999, "their p99.9 ", ""},
    {flip::WriteP50, "the writes' p50 ", ""},
    {flip::WriteP99, "their p99 ", ""},
    {flip::GracePeriodMean, "a grace period takes ", " as long"},
    {flip::InterruptRate, "there are ", " as many interrupts"},
};

// Settings but the first that have something to be compared.
std::vector<size_t> Others(const FlipResult& result) {
  std::vector<size_t> others;
  for (size_t setting = 1; setting < result.options.settings.size(); ++setting) {
    if (CompletePhases(result, setting) > 0) others.push_back(setting);
  }
  return others;
}

std::string Comparison(const FlipResult& result, size_t setting) {
  std::vector<std::string> clauses;
  for (const Compared& compared : kCompared) {
    const Spread ratio = RatioOf(result, setting, 0, compared.measure);
    if (ratio.count == 0) continue;
    clauses.push_back(compared.before + Times(ratio) + compared.after);
  }
  if (clauses.empty()) return "";
  return absl::StrFormat(
      "%s instead of %s: %s.", NameOf(result.options.settings[setting]),
      NameOf(result.options.settings[0]), absl::StrJoin(clauses, ", "));
}

std::string Plural(size_t count, const char* word) {
  return absl::StrFormat("%s %s%s", GroupedNumber(count), word, count == 1 ? "" : "s");
}

}  // namespace

std::string DescribeFlip(const FlipResult& result) {
  const FlipOptions& options = result.options;
  return absl::StrFormat(
      "%s keys, values of %d bytes, read and written by Zipf's law. Open loops: %s "
      "reads/s by %s, %s writes/s by %s. %s, each %s, in an order drawn anew a round; "
      "seed %d. Phases of %s, of which the first fifth is left out; a sample every %s. "
      "The server: %s.",
      GroupedNumber(static_cast<uint64_t>(options.entries)), options.value_bytes,
      ShortNumber(options.rate), Plural(static_cast<size_t>(options.callers), "caller"),
      ShortNumber(options.write_rate),
      Plural(static_cast<size_t>(options.write_callers), "caller"),
      Plural(options.settings.size(), "setting"),
      options.rounds == 1 ? "once" : absl::StrFormat("%d times", options.rounds),
      options.seed, absl::FormatDuration(options.duration),
      absl::FormatDuration(options.interval), result.server);
}

std::string FiguresWords(const FlipResult& result) {
  const bool interval =
      result.options.rounds >= static_cast<int64_t>(Spread::kMinCountForInterval);
  return absl::StrFormat(
      "Medians over the rounds, and in brackets %s. Latencies are from when a call was "
      "due. Backlog: the most that was seen to wait at the end of a sample. GP p99 <: a "
      "bound, which the server knows to a factor of two.",
      interval ? "where they lie with a probability of 95 %"
               : "the smallest and the largest");
}

std::vector<std::string> ComparisonWords(const FlipResult& result) {
  std::vector<std::string> words;
  for (const size_t setting : Others(result)) {
    std::string comparison = Comparison(result, setting);
    if (!comparison.empty()) words.push_back(std::move(comparison));
  }
  return words;
}

std::string NoiseWords(const FlipResult& result) {
  size_t ratios = 0, outside = 0;
  for (const size_t setting : Others(result)) {
    for (const Compared& compared : kCompared) {
      const Spread ratio = RatioOf(result, setting, 0, compared.measure);
      if (ratio.count < Spread::kMinCountForInterval) continue;
      ++ratios;
      if (!ratio.Covers(1)) ++outside;
    }
  }
  if (ratios == 0) return "";
  return absl::StrFormat(
      "Of these %d ratios %d are outside the noise; if no setting differed from the "
      "first, about %.1f at most would seem to be.",
      ratios, outside, 0.05 * static_cast<double>(ratios));
}

std::string ScheduleWords(const FlipResult& result) {
  std::vector<std::string> late;
  for (size_t setting = 0; setting < result.options.settings.size(); ++setting) {
    const size_t phases = LatePhases(result, setting);
    if (phases == 0) continue;
    late.push_back(absl::StrFormat("%s (%d of %s)",
                                   NameOf(result.options.settings[setting]), phases,
                                   Plural(CompletePhases(result, setting), "phase")));
  }
  if (late.empty()) return "";
  return "The schedule was NOT kept in phases of " + absl::StrJoin(late, ", ") +
         ": more than one read or write in a hundred was sent over 1 ms late, as all "
         "callers were waiting for answers or had no processor. Latencies have that in "
         "them, and a phase may pass some of it on to the next. More --callers and "
         "--write_callers or lower rates may help.";
}

std::string InterruptWords(const FlipResult& result) {
  if (result.samples.empty()) return "";
  if (!HasInterrupts(result)) {
    return "Interrupts are not known: /proc/interrupts does not show them here. The "
           "calls of membarrier are the server's own count.";
  }
  return "Interrupts are function call interrupts of the whole machine, whoever caused "
         "them (the CAL line of /proc/interrupts); the calls of membarrier beside them "
         "are the server's own count.";
}

std::string AnswersWords(const FlipResult& result) {
  return absl::StrFormat(
      "%s, begun by a switch each; by the server's word its setting was in force at the "
      "end of every sample. %s reads checked, %s wrong; %s writes.",
      Plural(result.phases.size(), "phase"), GroupedNumber(result.reads),
      GroupedNumber(result.wrong), GroupedNumber(result.writes));
}

}  // namespace rcukv::loadtest
