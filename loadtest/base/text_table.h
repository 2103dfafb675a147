// A table of text for a terminal: a column of names, then columns of right-aligned cells.
//
//   TextTable table({"", "mb", "memb"});
//   table.AddHeading("over gRPC");
//   table.AddRow({"reads/s", "1.2M", "1.9M"});
//   std::cout << table.Render();
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_BASE_TEXT_TABLE_H_
#define RCUKV_LOADTEST_BASE_TEXT_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "loadtest/base/table.h"

namespace rcukv::loadtest {

// What is printed is no wider than this.
inline constexpr size_t kTerminalColumns = 90;

class TextTable {
 public:
  explicit TextTable(std::vector<std::string> header);

  // A line across the columns, which says what the rows below it have in common.
  void AddHeading(std::string heading);

  // As many cells as the header has.
  void AddRow(std::vector<std::string> cells);

  // Those of a table with as many columns, and its headings.
  void AddRows(const Table& table);

  // Lines, each with its end; no trailing spaces.
  std::string Render() const;

 private:
  // The first is the header; a heading has one cell.
  std::vector<std::vector<std::string>> rows_;
};

// Without its caption.
std::string RenderText(const Table& table);

// The words of `text` in lines of at most `columns`, where words allow, each with its
// end.
std::string Wrapped(std::string_view text, size_t columns);

// "1.23M", "45.6k", "789", "0.12": three significant digits.
std::string ShortNumber(double value);

// "850 ns", "1.62 us", "8.10 ms", "1.20 s".
std::string ShortDuration(double nanoseconds);

// "63,666".
std::string GroupedNumber(uint64_t value);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_BASE_TEXT_TABLE_H_
