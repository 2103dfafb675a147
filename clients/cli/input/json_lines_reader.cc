#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cli/input/json_bytes.h"
#include "clients/cli/input/record_reader.h"

namespace rcukv::cli {
namespace {

using Json = nlohmann::json;

// An error of the parser may quote the whole line.
constexpr size_t kMaxQuotedBytes = 200;

// "[json.exception.parse_error.101] parse error at line 1, column 9: ..." from "column"
// on: the line is the only one that the parser saw.
std::string Explain(const Json::parse_error& error) {
  const std::string_view message = error.what();
  const size_t column = message.find("column ");
  const std::string shown(
      message.substr(column == std::string_view::npos ? 0 : column, kMaxQuotedBytes));
  return absl::StrCat("not a JSON object: ", shown);
}

// Leaves out members that are not read, which may be many, and all that is nested: of a
// member that should be a string only the empty object or array stays.
bool IsWanted(int depth, Json::parse_event_t event, const Json& parsed) {
  if (depth == 1 && event == Json::parse_event_t::key) {
    return parsed == "key" || parsed == "key_base64" || parsed == "value" ||
           parsed == "value_base64";
  }
  return depth < 2;
}

absl::StatusOr<Record> ParseRecord(std::string_view line) {
  // The parser takes a NUL for the end of its input.
  if (line.find('\0') != std::string_view::npos) {
    return absl::InvalidArgumentError(
        "a NUL byte; inside a string it is written \\u0000");
  }
  try {
    const Json object = Json::parse(line, IsWanted);
    if (!object.is_object()) return absl::InvalidArgumentError("not a JSON object");
    absl::StatusOr<std::string> key = BytesMember(object, "key");
    if (!key.ok()) return key.status();
    if (key->empty()) return absl::InvalidArgumentError("the key is empty");
    absl::StatusOr<std::string> value = BytesMember(object, "value");
    if (!value.ok()) return value.status();
    return Record{.key = *std::move(key), .value = *std::move(value)};
  } catch (const Json::parse_error& error) {
    return absl::InvalidArgumentError(Explain(error));
  }
}

class JsonLinesReader : public RecordReader {
 public:
  explicit JsonLinesReader(LineReader& lines) : lines_(lines) {}

  absl::StatusOr<std::optional<Record>> Next() override {
    while (true) {
      const absl::StatusOr<std::optional<std::string_view>> line = lines_.Next();
      if (!line.ok()) return line.status();
      if (!line->has_value()) return std::nullopt;
      if ((*line)->find_first_not_of(" \t\r\n") == std::string_view::npos) continue;
      absl::StatusOr<Record> record = ParseRecord(WithoutLineEnd(**line));
      if (!record.ok()) {
        return lines_.ErrorAt(lines_.line_number(),
                              std::string(record.status().message()));
      }
      record->line = lines_.line_number();
      return *std::move(record);
    }
  }

 private:
  LineReader& lines_;
};

}  // namespace

std::unique_ptr<RecordReader> NewJsonLinesReader(LineReader& lines) {
  return std::make_unique<JsonLinesReader>(lines);
}

}  // namespace rcukv::cli
