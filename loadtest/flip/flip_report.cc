#include "loadtest/flip/flip_report.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "loadtest/base/text_table.h"
#include "loadtest/flip/flip_setting.h"
#include "loadtest/flip/flip_summary.h"
#include "loadtest/flip/flip_tables.h"
#include "loadtest/flip/flip_words.h"
#include "loadtest/flip/sparkline.h"

namespace rcukv::loadtest {
namespace {

constexpr size_t kColumns = 90;
constexpr size_t kSparkColumns = 20;

// Nothing where there are no words.
std::string Paragraph(const std::string& words) { return Wrapped(words, kColumns); }

// The caption stands above: in the header it would widen the column of the names.
std::string Render(const Table& table) {
  std::vector<std::string> header = table.columns;
  header.front().clear();
  TextTable rendered(std::move(header));
  for (const std::vector<std::string>& row : table.rows) rendered.AddRow(row);
  return table.caption + "\n" + rendered.Render() + "\n";
}

std::string RenderTables(const FlipResult& result) {
  std::string text;
  for (const Table& table : FlipTables(result)) text += Render(table);
  return text;
}

double ReadP99Of(const FlipSample& sample) {
  return static_cast<double>(sample.figures.reads.p99);
}

std::string Duration(double nanoseconds) {
  return std::isfinite(nanoseconds) ? ShortDuration(nanoseconds) : "-";
}

std::string Amount(double amount) {
  return std::isfinite(amount) ? ShortNumber(amount) : "-";
}

// Of a phase that was cut short its samples alone say something.
std::vector<std::string> TimelineRow(const FlipResult& result, size_t number, double low,
                                     double high) {
  const FlipPhase& phase = result.phases[number];
  std::vector<double> p99s;
  for (const FlipSample& sample : result.samples) {
    if (sample.phase == number) p99s.push_back(ReadP99Of(sample));
  }
  const std::string name = NameOf(result.options.settings[phase.setting]);
  std::vector<std::string> row = {absl::StrFormat("%7.1f s  %s", phase.from, name),
                                  Sparkline(p99s, low, high, kSparkColumns)};
  if (!phase.complete) {
    row.insert(row.end(), {"-", "-", "cut short", "-"});
    return row;
  }
  row.insert(row.end(), {Duration(flip::ReadP99(phase)), Duration(flip::WriteP99(phase)),
                         Duration(flip::GracePeriodMean(phase)),
                         Amount(flip::InterruptRate(phase))});
  return row;
}

std::string RenderTimeline(const FlipResult& result) {
  double low = 0, high = 0;
  for (const FlipSample& sample : result.samples) {
    const double p99 = ReadP99Of(sample);
    if (p99 == 0) continue;
    low = low == 0 ? p99 : std::min(low, p99);
    high = std::max(high, p99);
  }
  TextTable table({"Timeline", "read p99 of samples", "read p99", "write p99", "GP mean",
                   "interrupts/s"});
  for (size_t number = 0; number < result.phases.size(); ++number) {
    table.AddRow(TimelineRow(result, number, low, high));
  }
  return table.Render() +
         Paragraph(absl::StrFormat(
             "Samples: from %s, the lowest in this run (%s), to %s, the highest (%s), "
             "each as many times the one before.",
             std::string(kSparkLevels.substr(0, 1)), Duration(low),
             std::string(kSparkLevels.substr(kSparkLevels.size() - 1)), Duration(high)));
}

std::string RenderWords(const FlipResult& result) {
  std::string text;
  for (const std::string& words : ComparisonWords(result)) text += Paragraph(words);
  return text + Paragraph(NoiseWords(result)) + Paragraph(ScheduleWords(result)) +
         Paragraph(InterruptWords(result));
}

std::string RenderEnd(const FlipResult& result) {
  std::string words = Paragraph(AnswersWords(result));
  if (!result.first_wrong.empty()) {
    absl::StrAppendFormat(&words, "The first WRONG answer: %s\n", result.first_wrong);
  }
  if (!result.failure.ok()) {
    absl::StrAppendFormat(&words, "FAILED: %s\n", result.failure.message());
  }
  if (result.interrupted) words += "Interrupted.\n";
  if (!result.failure.ok() || result.interrupted) {
    words += result.samples.empty() ? "Nothing was measured yet.\n"
                                    : "Above is what was measured until then.\n";
  }
  if (!result.restore_failure.ok()) {
    absl::StrAppendFormat(&words, "NOT PUT BACK: %s\n", result.restore_failure.message());
  }
  return words;
}

}  // namespace

std::string RenderFlip(const FlipResult& result, const Machine& machine) {
  std::string text = "\n" + Paragraph(DescribeFlip(result)) + ToString(machine) + ".\n\n";
  if (!result.samples.empty()) {
    const std::string tables = RenderTables(result);
    if (!tables.empty()) text += tables + Paragraph(FiguresWords(result)) + "\n";
    text += RenderTimeline(result) + "\n" + RenderWords(result);
  }
  return text + RenderEnd(result);
}

}  // namespace rcukv::loadtest
