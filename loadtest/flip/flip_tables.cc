#include "loadtest/flip/flip_tables.h"

#include <cmath>
#include <cstddef>
#include <span>

#include "absl/strings/str_format.h"
#include "loadtest/flip/flip_setting.h"
#include "loadtest/flip/flip_summary.h"

namespace rcukv::loadtest {
namespace {

struct Unit {
  double size;
  const char* name;
};

// The largest first.
constexpr Unit kDurations[] = {{1e9, " s"}, {1e6, " ms"}, {1e3, " us"}, {1, " ns"}};
constexpr Unit kAmounts[] = {{1e9, "G"}, {1e6, "M"}, {1e3, "k"}, {1, ""}};

// Three significant digits, or as many as there are before the point.
std::string Digits(double value) {
  if (value == 0) return "0";
  const double size = std::abs(value);
  if (size >= 99.95) return absl::StrFormat("%.0f", value);
  if (size >= 9.995) return absl::StrFormat("%.1f", value);
  return absl::StrFormat("%.2f", value);
}

std::string Show(const Spread& spread, std::span<const Unit> units) {
  if (spread.count == 0) return "-";
  size_t unit = 0;
  while (unit + 1 < units.size() && spread.median < 0.9995 * units[unit].size) ++unit;
  const auto [size, name] = units[unit];
  std::string text = Digits(spread.median / size) + name;
  if (spread.count == 1) return text;
  absl::StrAppendFormat(&text, " (%s-%s)", Digits(spread.low / size),
                        Digits(spread.high / size));
  return text;
}

struct Column {
  const char* name;
  FlipMeasure measure;
  std::string (*show)(const Spread& spread);
};

Table TableOf(const FlipResult& result, const std::string& caption,
              std::span<const Column> columns) {
  Table table = {.caption = caption, .columns = {"setting"}};
  for (const Column& column : columns) table.columns.push_back(column.name);
  const std::vector<FlipSetting>& settings = result.options.settings;
  for (size_t setting = 0; setting < settings.size(); ++setting) {
    if (CompletePhases(result, setting) == 0) continue;
    std::vector<std::string> row = {NameOf(settings[setting])};
    for (const Column& column : columns) {
      row.push_back(column.show(SpreadOf(result, setting, column.measure)));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

constexpr Column kReads[] = {{"reads/s", flip::ReadRate, ShowAmounts},
                             {"p50", flip::ReadP50, ShowDurations},
                             {"p99", flip::ReadP99, ShowDurations},
                             {"p99.9", flip::ReadP999, ShowDurations}};
constexpr Column kWrites[] = {{"writes/s", flip::WriteRate, ShowAmounts},
                              {"p50", flip::WriteP50, ShowDurations},
                              {"p99", flip::WriteP99, ShowDurations},
                              {"backlog, bytes", flip::BacklogBytes, ShowAmounts}};
constexpr Column kGracePeriods[] = {{"GPs/s", flip::GracePeriodRate, ShowAmounts},
                                    {"GP mean", flip::GracePeriodMean, ShowDurations},
                                    {"GP p99 <", flip::GracePeriodP99, ShowDurations},
                                    {"interrupts/s", flip::InterruptRate, ShowAmounts}};
constexpr Column kMembarriers[] = {
    {"expedited", flip::ExpeditedRate, ShowAmounts},
    {"non-expedited", flip::NonExpeditedRate, ShowAmounts},
    {"global-expedited", flip::GlobalExpeditedRate, ShowAmounts}};

}  // namespace

std::vector<Table> FlipTables(const FlipResult& result) {
  std::vector<Table> tables = {
      TableOf(result, "Reads", kReads), TableOf(result, "Writes", kWrites),
      TableOf(result, "Grace periods, and interrupts of the whole machine",
              kGracePeriods),
      TableOf(result, "Calls of membarrier a second, by command", kMembarriers)};
  std::erase_if(tables, [](const Table& table) { return table.rows.empty(); });
  return tables;
}

std::string ShowDurations(const Spread& nanoseconds) {
  return Show(nanoseconds, kDurations);
}

std::string ShowAmounts(const Spread& amounts) { return Show(amounts, kAmounts); }

}  // namespace rcukv::loadtest
