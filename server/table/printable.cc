#include "server/table/printable.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace rcukv {
namespace {

constexpr size_t kMaxShownBytes = 64;

}  // namespace

std::string Printable(std::string_view bytes) {
  const std::string shown =
      absl::StrCat("\"", absl::CHexEscape(bytes.substr(0, kMaxShownBytes)), "\"");
  if (bytes.size() <= kMaxShownBytes) return shown;
  return absl::StrCat(shown, "... (", bytes.size(), " bytes)");
}

}  // namespace rcukv
