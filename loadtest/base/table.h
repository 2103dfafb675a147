// A table as data: text_table.h makes it text for a terminal, a page HTML.
#ifndef RCUKV_LOADTEST_BASE_TABLE_H_
#define RCUKV_LOADTEST_BASE_TABLE_H_

#include <string>
#include <vector>

namespace rcukv::loadtest {

// Cells are text. The first column names the rows.
struct Table {
  // What the rows are of; a table behind a chart needs none.
  std::string caption = "";
  std::vector<std::string> columns = {};
  // As many cells as there are columns; or one, which is a heading of the rows below it.
  std::vector<std::vector<std::string>> rows = {};
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_BASE_TABLE_H_
