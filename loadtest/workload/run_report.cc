#include "loadtest/workload/run_report.h"

#include <cstdint>
#include <vector>

#include "absl/strings/str_format.h"
#include "loadtest/base/table.h"
#include "loadtest/base/text_table.h"
#include "loadtest/workload/load_words.h"
#include "loadtest/workload/run_latencies.h"
#include "loadtest/workload/run_ramp.h"
#include "loadtest/workload/run_words.h"

namespace rcukv::loadtest {
namespace {

constexpr size_t kColumns = 90;

// Nothing where there are no words.
std::string Paragraph(const std::string& words) { return Wrapped(words, kColumns); }

std::string OneLine(const std::string& words) {
  return words.empty() ? "" : words + "\n";
}

std::string RenderTable(const RunResult& result) {
  const Table due = LatencyTable(result, LatencyFrom::kDue);
  TextTable table(due.columns);
  table.AddHeading(due.caption);
  table.AddRows(due);
  if (result.phase.asked_rate.has_value()) {
    const Table sent = LatencyTable(result, LatencyFrom::kSent);
    table.AddHeading(sent.caption);
    table.AddRows(sent);
  }
  return table.Render();
}

// What a ramp tried, and what it found.
std::string RenderRamp(const RunResult& result) {
  const std::string then = MissedObjective(result) ? "" : " Of that rate:";
  return RenderText(RampTable(result)) + "\n" + Paragraph(RampWords(result) + then) +
         "\n";
}

std::string RenderAnswers(const RunResult& result) {
  const std::string words =
      OneLine(AnswersWords(result)) + OneLine(UncheckedWords(result));
  if (result.first_wrong.empty()) return words;
  return words + absl::StrFormat("The first wrong answer: %s\n", result.first_wrong);
}

std::string RenderEnd(const RunResult& result) {
  std::string words;
  if (!result.failure.ok()) {
    absl::StrAppendFormat(&words, "FAILED: %s\n", result.failure.message());
  }
  if (result.interrupted) words += "Interrupted.\n";
  if (words.empty()) return "";
  return words + (!result.phase.measured->empty()
                      ? "Above is what was measured until then.\n"
                      : "Nothing was measured yet.\n");
}

}  // namespace

std::string RenderRun(const RunResult& result, const Machine& machine) {
  std::string text = "\n" + Paragraph(DescribeRun(result.options)) +
                     Paragraph("Server: " + ServerWords(result) + ".") +
                     "Client: " + ToString(machine) + ".\n\n";
  if (!result.steps.empty()) text += RenderRamp(result);
  if (!result.phase.measured->empty()) {
    text += RenderTable(result) + "\n" + Paragraph(BatchWords(result)) +
            Paragraph(UnansweredWords(result)) + Paragraph(ScheduleWords(result)) +
            Paragraph(ProcessorWords(result)) + Paragraph(NullServerWords(result)) +
            Paragraph(GeneratorWords(result));
  }
  return text + RenderAnswers(result) + RenderEnd(result);
}

std::string RenderRunSecond(const RunSecond& second) {
  const auto duration = [](uint64_t nanoseconds) {
    return ShortDuration(static_cast<double>(nanoseconds));
  };
  std::string line =
      absl::StrFormat("%5.1f s  %8s ops/s  p50 %8s  p99 %8s  p99.9 %8s  max %8s",
                      second.at, ShortNumber(second.rate()), duration(second.p50),
                      duration(second.p99), duration(second.p999), duration(second.max));
  if (second.wrong > 0) {
    absl::StrAppendFormat(&line, "  %s WRONG", GroupedNumber(second.wrong));
  }
  if (second.warm_up) line += "  (warm-up)";
  return line;
}

}  // namespace rcukv::loadtest
