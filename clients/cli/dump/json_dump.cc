#include "clients/cli/dump/json_dump.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "clients/cli/dump/checksum.h"
#include "clients/cli/entry_json.h"
#include "clients/cli/input/json_bytes.h"
#include "clients/cli/json.h"

namespace rcukv::cli {
namespace {

// A server may be told to take values of 32 MiB, and JSON to write a byte as six.
constexpr size_t kMaxLineBytes = 256 << 20;

// Ends the line of a piece: this, 16 digits, and kAfterChecksum.
constexpr std::string_view kBeforeChecksum = ",\"checksum\":\"";
constexpr std::string_view kAfterChecksum = "\"}\n";
constexpr size_t kDigits = 16;
constexpr size_t kTailBytes = kBeforeChecksum.size() + kDigits + kAfterChecksum.size();

std::string Digits(uint64_t checksum) { return absl::StrFormat("%016x", checksum); }

absl::Status Broken(absl::string_view what) { return absl::DataLossError(what); }

std::string Line(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

// The line of a piece without its tail, and the entries behind it.
struct Text {
  Json head;
  std::string entries;
};

struct ToText {
  Text operator()(const DumpHeader& header) const {
    Text text;
    text.head["rcukv_dump"] = header.version;
    text.head["revision"] = header.revision;
    text.head["tables"] = header.tables;
    return text;
  }
  Text operator()(const DumpBlock& block) const {
    Text text;
    text.head["block"]["table"] = block.table;
    text.head["block"]["entries"] = block.entries.size();
    for (const Entry& entry : block.entries)
      text.entries += Line(EntryJson(entry, false));
    return text;
  }
  Text operator()(const DumpEnd& end) const {
    Text text;
    text.head["end"]["entries"] = end.entries;
    text.head["end"]["revision"] = end.revision;
    text.head["end"]["file_checksum"] = Digits(end.file_checksum);
    return text;
  }
};

uint64_t ChecksumOf(std::string_view head, std::string_view entries) {
  Checksum checksum;
  checksum.Add(head);
  checksum.Add(entries);
  return checksum.value();
}

absl::StatusOr<uint64_t> ParseDigits(std::string_view digits) {
  uint64_t number = 0;
  // As they are written, and in no other way: "0xA" is a number too.
  if (!absl::SimpleHexAtoi({digits.data(), digits.size()}, &number) ||
      Digits(number) != digits) {
    return Broken("its checksum is none");
  }
  return number;
}

// The number of a member; nothing where it is not there, or no number.
std::optional<uint64_t> NumberMember(const Json& object, const char* name) {
  const auto member = object.find(name);
  if (member == object.end() || !member->is_number_unsigned()) return std::nullopt;
  return member->get<uint64_t>();
}

std::optional<std::string> TextMember(const Json& object, const char* name) {
  const auto member = object.find(name);
  if (member == object.end() || !member->is_string()) return std::nullopt;
  return member->get<std::string>();
}

absl::StatusOr<Entry> ParseEntry(std::string_view line) {
  const Json object = Json::parse(line, nullptr, false);
  if (!object.is_object()) return Broken("the entry is not a JSON object");
  absl::StatusOr<std::string> key = BytesMember(object, "key");
  if (!key.ok()) return Broken(key.status().message());
  absl::StatusOr<std::string> value = BytesMember(object, "value");
  if (!value.ok()) return Broken(value.status().message());
  Entry entry = {.key = *std::move(key),
                 .value = *std::move(value),
                 .mod_revision = NumberMember(object, "mod_revision").value_or(0),
                 .create_revision = NumberMember(object, "create_revision").value_or(0)};
  if (!object.contains("expire_time")) return entry;
  const std::optional<std::string> time = TextMember(object, "expire_time");
  if (!time.has_value() ||
      !absl::ParseTime(absl::RFC3339_full, *time, &entry.expire_time, nullptr)) {
    return Broken("\"expire_time\" is no time");
  }
  return entry;
}

absl::StatusOr<DumpPiece> ParseHeader(const Json& object) {
  const std::optional<uint64_t> version = NumberMember(object, "rcukv_dump");
  const std::optional<uint64_t> revision = NumberMember(object, "revision");
  const auto tables = object.find("tables");
  if (!version || *version > UINT32_MAX || !revision || tables == object.end() ||
      !tables->is_array()) {
    return Broken("the header is not one of a dump");
  }
  DumpHeader header = {.version = static_cast<uint32_t>(*version), .revision = *revision};
  for (const Json& table : *tables) {
    if (!table.is_string()) return Broken("a table of the header has no name");
    header.tables.push_back(table.get<std::string>());
  }
  return header;
}

absl::StatusOr<DumpPiece> ParseBlock(const std::optional<std::string>& table,
                                     std::string_view entries) {
  if (!table.has_value()) return Broken("the block has no table");
  DumpBlock block = {.table = *table};
  while (!entries.empty()) {
    const size_t end = entries.find('\n') + 1;
    absl::StatusOr<Entry> entry = ParseEntry(entries.substr(0, end));
    if (!entry.ok()) return entry.status();
    block.entries.push_back(*std::move(entry));
    entries.remove_prefix(end);
  }
  return block;
}

absl::StatusOr<DumpPiece> ParseEnd(const Json& object) {
  const std::optional<uint64_t> entries = NumberMember(object, "entries");
  const std::optional<uint64_t> revision = NumberMember(object, "revision");
  const absl::StatusOr<uint64_t> checksum =
      ParseDigits(TextMember(object, "file_checksum").value_or(""));
  if (!entries || !revision || !checksum.ok()) {
    return Broken("the end is not one of a dump");
  }
  return DumpEnd{.entries = *entries, .revision = *revision, .file_checksum = *checksum};
}

class JsonDumpDecoder : public DumpDecoder {
 public:
  explicit JsonDumpDecoder(ByteSource source)
      : lines_("dump", std::move(source), kMaxLineBytes) {}

  absl::StatusOr<std::optional<DumpPiece>> Next() override {
    begin_ = lines_.line_number() + 1;
    checksum_before_ = checksum_.value();
    const absl::StatusOr<std::optional<std::string>> line = ReadLine();
    if (!line.ok()) return line.status();
    if (!line->has_value()) return std::nullopt;
    absl::StatusOr<DumpPiece> piece = ReadPiece(**line);
    if (!piece.ok()) return piece.status();
    return *std::move(piece);
  }

  std::string place() const override { return absl::StrCat("line ", begin_); }
  uint64_t checksum_before() const override { return checksum_before_; }

 private:
  // With its line end. DATA_LOSS where it has none.
  absl::StatusOr<std::optional<std::string>> ReadLine() {
    const absl::StatusOr<std::optional<std::string_view>> line = lines_.Next();
    if (absl::IsInvalidArgument(line.status())) return Broken(line.status().message());
    if (!line.ok()) return line.status();
    if (!line->has_value()) return std::nullopt;
    checksum_.Add(**line);
    if (!(*line)->ends_with('\n')) return Truncated();
    return std::string(**line);
  }

  absl::Status Truncated() const {
    return Broken(absl::StrCat("the file is cut short there, in or behind line ",
                               lines_.line_number()));
  }

  absl::StatusOr<DumpPiece> ReadPiece(std::string_view line) {
    if (line.size() < kTailBytes || !line.ends_with(kAfterChecksum) ||
        line.substr(line.size() - kTailBytes, kBeforeChecksum.size()) !=
            kBeforeChecksum) {
      return Broken("it does not end with a checksum");
    }
    const std::string_view head = line.substr(0, line.size() - kTailBytes);
    const auto checksum =
        ParseDigits(line.substr(head.size() + kBeforeChecksum.size(), kDigits));
    if (!checksum.ok()) return checksum.status();
    const Json object = Json::parse(std::string(head) + "}", nullptr, false);
    const bool is_block = object.is_object() && object.contains("block");
    std::string entries;
    if (is_block) {
      absl::StatusOr<std::string> read = ReadEntries(object.at("block"));
      if (!read.ok()) return read.status();
      entries = *std::move(read);
    }
    if (ChecksumOf(head, entries) != *checksum) return Broken("its checksum is wrong");
    if (!object.is_object()) return Broken("it is not a JSON object");
    if (is_block) return ParseBlock(TextMember(object.at("block"), "table"), entries);
    if (object.contains("end")) return ParseEnd(object.at("end"));
    return ParseHeader(object);
  }

  // So many lines as the block says it has, and no line of another piece.
  absl::StatusOr<std::string> ReadEntries(const Json& block) {
    const std::optional<uint64_t> count = NumberMember(block, "entries");
    if (!count.has_value()) return Broken("the block does not say how many entries");
    std::string entries;
    for (uint64_t i = 0; i < *count; ++i) {
      const absl::StatusOr<std::optional<std::string>> line = ReadLine();
      if (!line.ok()) return line.status();
      if (!line->has_value()) return Truncated();
      if (!(*line)->starts_with("{\"key")) {
        return Broken(absl::StrCat("line ", lines_.line_number(), " is not an entry"));
      }
      entries += **line;
    }
    return entries;
  }

  LineReader lines_;
  Checksum checksum_;
  int64_t begin_ = 0;
  uint64_t checksum_before_ = 0;
};

}  // namespace

std::string EncodeJsonDump(const DumpPiece& piece) {
  const Text text = std::visit(ToText(), piece);
  std::string head = text.head.dump();
  head.pop_back();
  return absl::StrCat(head, std::string(kBeforeChecksum),
                      Digits(ChecksumOf(head, text.entries)), std::string(kAfterChecksum),
                      text.entries);
}

std::unique_ptr<DumpDecoder> NewJsonDumpDecoder(ByteSource source) {
  return std::make_unique<JsonDumpDecoder>(std::move(source));
}

}  // namespace rcukv::cli
