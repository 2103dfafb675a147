// What is the same in every page: Debian's Chart.js, and the script and style of this
// folder. embed.py puts them into the program.
#ifndef RCUKV_LOADTEST_PAGE_ASSETS_H_
#define RCUKV_LOADTEST_PAGE_ASSETS_H_

#include <string_view>

namespace rcukv::loadtest {

struct Asset {
  // Holds nothing that would end the element in which it stands.
  std::string_view text;
  // As a Content-Security-Policy names it: "sha256-...".
  std::string_view hash;
};

Asset ChartJs();
Asset PageScript();
Asset PageStyle();

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_PAGE_ASSETS_H_
