#include "server/table/printable.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace rcukv {
namespace {

constexpr size_t kMaxShownBytes = 64;

}  // namespace

std::string Printable(std::string_view bytes) {
  const std::string_view shown = bytes.substr(0, kMaxShownBytes);
  const std::string quoted =
      absl::StrCat("\"", absl::CHexEscape({shown.data(), shown.size()}), "\"");
  if (bytes.size() <= kMaxShownBytes) return quoted;
  return absl::StrCat(quoted, "... (", bytes.size(), " bytes)");
}

}  // namespace rcukv
