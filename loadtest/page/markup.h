// Text that comes from elsewhere, made safe to put into a page: it is shown, never run.
//
// Thread safety: any thread.
#ifndef RCUKV_LOADTEST_PAGE_MARKUP_H_
#define RCUKV_LOADTEST_PAGE_MARKUP_H_

#include <string>
#include <string_view>

namespace rcukv::loadtest {

// `text` for the inside of an element that holds text, or of an attribute in quotes.
std::string Escaped(std::string_view text);

// `json` for the inside of <script type="application/json">, which ends at the first
// "</script" and changes its rules at "<!--", whatever the JSON says of them. In JSON a
// '<' stands in strings only, where it can be written in another way.
std::string JsonForScript(std::string_view json);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_PAGE_MARKUP_H_
