// Bytes of any kind as a member of a JSON object: the reverse of SetBytes in json.h.

#ifndef RCUKV_CLIENTS_CLI_INPUT_JSON_BYTES_H_
#define RCUKV_CLIENTS_CLI_INPUT_JSON_BYTES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace rcukv::cli {

// The bytes of member `name`, or of `name`_base64. INVALID_ARGUMENT unless there is one
// of the two, and it is a string and base64. Json: an object of nlohmann's.
template <typename Json>
absl::StatusOr<std::string> BytesMember(const Json& object, const std::string& name) {
  const std::string base64_name = name + "_base64";
  const bool is_base64 = object.contains(base64_name);
  if (is_base64 == object.contains(name)) {
    return absl::InvalidArgumentError(
        absl::StrCat(is_base64 ? "both" : "neither", " \"", name,
                     is_base64 ? "\" and \"" : "\" nor \"", base64_name, "\""));
  }
  const std::string& member = is_base64 ? base64_name : name;
  const Json& text = object.at(member);
  if (!text.is_string()) {
    return absl::InvalidArgumentError(absl::StrCat("\"", member, "\" is not a string"));
  }
  if (!is_base64) return text.template get<std::string>();
  std::string bytes;
  if (!absl::Base64Unescape(text.template get_ref<const std::string&>(), &bytes)) {
    return absl::InvalidArgumentError(absl::StrCat("\"", member, "\" is not base64"));
  }
  return bytes;
}

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_INPUT_JSON_BYTES_H_
