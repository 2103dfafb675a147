#include "loadtest/base/text_table.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string_view>
#include <utility>

#include "absl/strings/str_format.h"

namespace rcukv::loadtest {
namespace {

constexpr size_t kGap = 2;

std::string ThreeDigits(double value) {
  // Where rounding would make it a digit longer, the next larger form is taken.
  if (value < 9.995) return absl::StrFormat("%.2f", value);
  if (value < 99.95) return absl::StrFormat("%.1f", value);
  return absl::StrFormat("%.0f", value);
}

void AppendPadded(std::string* line, const std::string& cell, size_t width, bool right) {
  const std::string padding(width - cell.size(), ' ');
  *line += right ? padding + cell : cell + padding;
}

void AppendLine(std::string* out, std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  *out += line + "\n";
}

}  // namespace

TextTable::TextTable(std::vector<std::string> header) {
  rows_.push_back(std::move(header));
}

void TextTable::AddHeading(std::string heading) { rows_.push_back({std::move(heading)}); }

void TextTable::AddRow(std::vector<std::string> cells) {
  rows_.push_back(std::move(cells));
}

void TextTable::AddRows(const Table& table) {
  rows_.insert(rows_.end(), table.rows.begin(), table.rows.end());
}

std::string TextTable::Render() const {
  const size_t columns = rows_.front().size();
  std::vector<size_t> widths(columns, 0);
  for (const std::vector<std::string>& row : rows_) {
    if (row.size() != columns) continue;
    for (size_t i = 0; i < columns; ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string out;
  for (const std::vector<std::string>& row : rows_) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      if (i > 0) line.append(kGap, ' ');
      AppendPadded(&line, row[i], std::max(widths[i], row[i].size()), /*right=*/i > 0);
    }
    AppendLine(&out, line);
  }
  return out;
}

std::string RenderText(const Table& table) {
  TextTable text(table.columns);
  text.AddRows(table);
  return text.Render();
}

std::string Wrapped(std::string_view text, size_t columns) {
  std::string out, line;
  std::istringstream words{std::string(text)};
  for (std::string word; words >> word;) {
    if (!line.empty() && line.size() + 1 + word.size() > columns) {
      AppendLine(&out, std::exchange(line, ""));
    }
    line += (line.empty() ? "" : " ") + word;
  }
  if (!line.empty()) AppendLine(&out, line);
  return out;
}

std::string ShortNumber(double value) {
  if (value < 999.5) {
    return value == std::floor(value) ? absl::StrFormat("%.0f", value)
                                      : ThreeDigits(value);
  }
  if (value < 999.5e3) return ThreeDigits(value / 1e3) + "k";
  if (value < 999.5e6) return ThreeDigits(value / 1e6) + "M";
  return ThreeDigits(value / 1e9) + "G";
}

std::string ShortDuration(double nanoseconds) {
  if (nanoseconds < 999.5) return ThreeDigits(nanoseconds) + " ns";
  if (nanoseconds < 999.5e3) return ThreeDigits(nanoseconds / 1e3) + " us";
  if (nanoseconds < 999.5e6) return ThreeDigits(nanoseconds / 1e6) + " ms";
  return ThreeDigits(nanoseconds / 1e9) + " s";
}

std::string GroupedNumber(uint64_t value) {
  std::string digits = absl::StrFormat("%d", value);
  for (size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

}  // namespace rcukv::loadtest
