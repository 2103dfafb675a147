#include "clients/cli/json.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "clients/cli/output.h"

namespace rcukv::cli {

bool IsUtf8(std::string_view bytes) {
  // Otherwise as the writer of the library sees it, which is what counts.
  if (std::all_of(bytes.begin(), bytes.end(), absl::ascii_isascii)) return true;
  try {
    static_cast<void>(Json(bytes).dump());
    return true;
  } catch (const Json::type_error&) {
    return false;
  }
}

void SetBytes(Json& object, const std::string& name, std::string_view bytes) {
  if (IsUtf8(bytes)) {
    object[name] = bytes;
  } else {
    object[name + "_base64"] = absl::Base64Escape({bytes.data(), bytes.size()});
  }
}

void PrintJson(const Json& object) {
  Print(object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace rcukv::cli
