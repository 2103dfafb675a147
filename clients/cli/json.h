// The JSON that rcukv writes: one object a line, keys and values as bytes of any kind.

#ifndef RCUKV_CLIENTS_CLI_JSON_H_
#define RCUKV_CLIENTS_CLI_JSON_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace rcukv::cli {

// Members keep the order in which they are set.
using Json = nlohmann::ordered_json;

bool IsUtf8(std::string_view bytes);

// Sets member `name` to `bytes`, or `name`_base64 where they are not UTF-8.
void SetBytes(Json& object, const std::string& name, std::string_view bytes);

void PrintJson(const Json& object);

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_JSON_H_
