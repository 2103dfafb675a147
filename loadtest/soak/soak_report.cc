#include "loadtest/soak/soak_report.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "loadtest/base/statistics.h"
#include "loadtest/base/text_table.h"
#include "loadtest/soak/soak_data.h"
#include "loadtest/soak/soak_verdict.h"

namespace rcukv::loadtest {
namespace {

constexpr size_t kColumns = 90;
constexpr size_t kRows = 10;
constexpr double kMebibyte = 1 << 20;

using Samples = absl::Span<const SoakSample>;
using Figure = uint64_t SoakSample::*;

std::string Mebibytes(double bytes) { return absl::StrFormat("%.1f", bytes / kMebibyte); }

double MedianOf(Samples samples, Figure figure) {
  std::vector<double> values;
  for (const SoakSample& sample : samples) {
    values.push_back(static_cast<double>(sample.*figure));
  }
  return SpreadOf(values).median;
}

double LargestOf(Samples samples, Figure figure) {
  uint64_t largest = 0;
  for (const SoakSample& sample : samples) largest = std::max(largest, sample.*figure);
  return static_cast<double>(largest);
}

std::string Rate(uint64_t after, uint64_t before, double seconds) {
  return seconds > 0 ? ShortNumber(static_cast<double>(after - before) / seconds) : "-";
}

std::string Moment(double seconds) {
  return absl::FormatDuration(
      absl::Trunc(absl::Seconds(seconds), absl::Milliseconds(100)));
}

// `before`: the last sample of the row above, or the begin of the load.
std::vector<std::string> Row(Samples samples, const SoakSample& before) {
  const SoakSample& last = samples.back();
  const double seconds = last.seconds - before.seconds;
  return {Moment(last.seconds),
          Rate(last.counts.gets, before.counts.gets, seconds),
          Rate(last.counts.batched_gets, before.counts.batched_gets, seconds),
          Rate(last.counts.writes, before.counts.writes, seconds),
          Mebibytes(MedianOf(samples, &SoakSample::resident_bytes)),
          Mebibytes(MedianOf(samples, &SoakSample::allocator_resident_bytes)),
          Mebibytes(MedianOf(samples, &SoakSample::allocated_bytes)),
          Mebibytes(MedianOf(samples, &SoakSample::entry_bytes)),
          Mebibytes(LargestOf(samples, &SoakSample::backlog_bytes)),
          Mebibytes(LargestOf(samples, &SoakSample::kept_bytes))};
}

std::string Caption(const SoakResult& result) {
  const SoakOptions& options = result.options;
  return Wrapped(
      absl::StrFormat(
          "%s keys, values of %d bytes to %d KiB. Closed loops: chains of GetAsync (%d), "
          "BatchGets of %d keys (%d at a time), writers (%d); one write in %d is a "
          "delete. The server runs with %s. A row: gets, batched keys and writes a "
          "second since the row above; in MiB, medians of what is resident, what the "
          "allocator holds of that, what it has handed out and what is live (keys, "
          "values, headers), and the most that waited to be freed, for readers and for "
          "clients.",
          GroupedNumber(static_cast<uint64_t>(options.entries)), SoakData::kMinValueBytes,
          SoakData::kMaxValueBytes >> 10, options.callers, options.batch,
          options.batch_callers, options.writers, SoakData::kWritesPerDelete,
          result.server),
      kColumns);
}

std::string RenderChecks(const SoakResult& result) {
  std::string checks = absl::StrFormat(
      "%s reads checked, %s wrong; %s writes.\n",
      GroupedNumber(result.counts.gets + result.counts.batched_gets),
      GroupedNumber(result.counts.wrong), GroupedNumber(result.counts.writes));
  if (result.counts.wrong > 0) checks += "WRONG: the first: " + result.first_wrong + "\n";
  return checks;
}

SoakVerdict VerdictOf(const SoakResult& result) {
  return JudgeMemory(result.samples, result.options.tolerance_percent);
}

}  // namespace

bool Passed(const SoakResult& result) {
  return result.failure.ok() && result.counts.wrong == 0 && VerdictOf(result).flat;
}

std::string RenderSoakTable(const SoakResult& result) {
  const Samples samples = result.samples;
  const size_t rows = std::min(kRows, samples.size());
  if (rows == 0) return "";
  TextTable table({"time", "gets/s", "batched/s", "writes/s", "resident", "allocator",
                   "allocated", "live", "backlog", "kept"});
  SoakSample before;
  for (size_t row = 0; row < rows; ++row) {
    const size_t begin = samples.size() * row / rows;
    const size_t end = samples.size() * (row + 1) / rows;
    table.AddRow(Row(samples.subspan(begin, end - begin), before));
    before = samples[end - 1];
  }
  return table.Render();
}

std::string RenderSoakProgress(const SoakResult& result) {
  const SoakSample& last = result.samples.back();
  return absl::StrFormat(
      "%s of %s: %s reads, %s writes, %s wrong, resident %s MiB", Moment(last.seconds),
      absl::FormatDuration(result.options.duration),
      ShortNumber(static_cast<double>(last.counts.gets + last.counts.batched_gets)),
      ShortNumber(static_cast<double>(last.counts.writes)),
      GroupedNumber(last.counts.wrong),
      Mebibytes(static_cast<double>(last.resident_bytes)));
}

std::string RenderSoak(const SoakResult& result, const Machine& machine) {
  std::string report;
  if (result.interrupted) report = "Interrupted; this is what was measured until then.\n";
  if (result.samples.empty() && result.failure.ok()) {
    return report + "Nothing was measured yet.\n";
  }
  report += ToString(machine) + "\n" + Caption(result) + "\n" + RenderSoakTable(result) +
            "\n" + RenderChecks(result);
  if (!result.failure.ok()) {
    absl::StrAppendFormat(&report, "FAILED: %s\n", result.failure.message());
  }
  return report + ToString(VerdictOf(result), result.options.tolerance_percent) + "\n";
}

}  // namespace rcukv::loadtest
