// Reads any bytes as a dump: as they are, and as the pieces of a file whose checksums are
// right, which a search would never find. What is read must not depend on how the input
// was cut into reads, and must be read again after it was written in either form.

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/dump/binary_dump.h"
#include "clients/cli/dump/checksum.h"
#include "clients/cli/dump/dump_piece.h"
#include "clients/cli/dump/dump_reader.h"
#include "clients/cli/dump/json_dump.h"
#include "clients/cli/input/string_source.h"

namespace {

using rcukv::cli::Checksum;
using rcukv::cli::DumpBlock;
using rcukv::cli::DumpReader;

uint64_t ChecksumOf(std::string_view text) {
  Checksum checksum;
  checksum.Add(text);
  return checksum.value();
}

std::string LittleEndian(uint64_t number, size_t bytes) {
  std::string text;
  for (size_t i = 0; i < bytes; ++i) text += static_cast<char>(number >> (8 * i));
  return text;
}

std::string Transcript(const std::string& file, size_t chunk_bytes,
                       std::optional<DumpBlock>* last = nullptr) {
  auto reader = DumpReader::Open("file", rcukv::cli::StringSource(file, chunk_bytes));
  if (!reader.ok()) return std::string(reader.status().message());
  std::string transcript;
  while (true) {
    auto block = reader->Next();
    if (!block.ok()) return absl::StrCat(transcript, block.status().message());
    if (!block->has_value()) return absl::StrCat(transcript, reader->end().revision);
    for (const rcukv::Entry& entry : (*block)->entries) {
      absl::StrAppend(&transcript, (*block)->table, " ", entry.key, " ", entry.value, " ",
                      entry.mod_revision, "\n");
    }
    if (last != nullptr) *last = **block;
  }
}

void Read(const std::string& file) {
  std::optional<DumpBlock> last;
  if (Transcript(file, 1) != Transcript(file, file.size() + 1, &last)) std::abort();
  if (!last.has_value()) return;
  for (const auto encode : {rcukv::cli::EncodeBinaryDump, rcukv::cli::EncodeJsonDump}) {
    const std::string again =
        encode(rcukv::cli::DumpHeader{.tables = {last->table}}) + encode(*last);
    std::optional<DumpBlock> read;
    (void)Transcript(again, 64, &read);
    if (!read.has_value() || read->entries.size() != last->entries.size()) std::abort();
    for (size_t i = 0; i < read->entries.size(); ++i) {
      if (read->entries[i].key != last->entries[i].key) std::abort();
      if (read->entries[i].value != last->entries[i].value) std::abort();
    }
  }
}

// The file as it would be if the input were a message of a piece behind the header.
std::string AsBinaryPiece(const std::string& text) {
  const std::string length = LittleEndian(text.size(), 4);
  return absl::StrCat(
      rcukv::cli::EncodeBinaryDump(rcukv::cli::DumpHeader{.tables = {"t"}}), length,
      LittleEndian(ChecksumOf(length + text), 8), text);
}

// And if it were the entries of a block.
std::string AsJsonEntries(std::string text) {
  if (!text.ends_with('\n')) text += '\n';
  size_t lines = 0;
  for (const char c : text) lines += c == '\n';
  const std::string head =
      absl::StrCat("{\"block\":{\"table\":\"t\",\"entries\":", lines, "}");
  return absl::StrCat(rcukv::cli::EncodeJsonDump(rcukv::cli::DumpHeader{.tables = {"t"}}),
                      head, ",\"checksum\":\"",
                      absl::StrFormat("%016x", ChecksumOf(head + text)), "\"}\n", text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  Read(text);
  Read(AsBinaryPiece(text));
  Read(AsJsonEntries(text));
  return 0;
}
