#include "clients/cli/dump/dump_reader.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "clients/cli/dump/binary_dump.h"
#include "clients/cli/dump/json_dump.h"

namespace rcukv::cli {
namespace {

// `first`, then what `source` has.
ByteSource Prepend(char first, ByteSource source) {
  return [first, is_first = true, source = std::move(source)](
             char* buffer, size_t size) mutable -> absl::StatusOr<size_t> {
    if (!is_first || size == 0) return source(buffer, size);
    is_first = false;
    *buffer = first;
    return 1;
  };
}

ByteSource Counted(ByteSource source, std::shared_ptr<uint64_t> bytes) {
  return [source = std::move(source), bytes = std::move(bytes)](
             char* buffer, size_t size) -> absl::StatusOr<size_t> {
    const absl::StatusOr<size_t> read = source(buffer, size);
    *bytes += read.value_or(0);
    return read;
  };
}

}  // namespace

absl::StatusOr<DumpReader> DumpReader::Open(std::string name, const ByteSource& source) {
  auto bytes = std::make_shared<uint64_t>(0);
  const ByteSource counted = Counted(source, bytes);
  char first = 0;
  const absl::StatusOr<size_t> read = counted(&first, 1);
  if (!read.ok()) return read.status();
  if (*read == 0) {
    return absl::DataLossError(absl::StrCat(name, " is empty: not a dump of rcukv"));
  }
  const auto decoder =
      first == kBinaryDumpMagic[0] ? NewBinaryDumpDecoder : NewJsonDumpDecoder;
  if (first != kBinaryDumpMagic[0] && first != '{') {
    return absl::FailedPreconditionError(
        absl::StrCat(name, " is not a dump of rcukv; `rcukv load` reads other files"));
  }
  DumpReader reader(std::move(name), decoder(Prepend(first, counted)), bytes);
  if (absl::Status status = reader.ReadHeader(); !status.ok()) return status;
  return reader;
}

DumpReader::DumpReader(std::string name, std::unique_ptr<DumpDecoder> decoder,
                       std::shared_ptr<const uint64_t> bytes_read)
    : name_(std::move(name)),
      decoder_(std::move(decoder)),
      bytes_read_(std::move(bytes_read)) {}

absl::Status DumpReader::ReadHeader() {
  absl::StatusOr<std::optional<DumpPiece>> piece = NextPiece();
  if (!piece.ok()) return piece.status();
  if (!piece->has_value() || !std::holds_alternative<DumpHeader>(**piece)) {
    return DamagedHere("there is no header");
  }
  header_ = std::get<DumpHeader>(**std::move(piece));
  if (header_.version == DumpHeader::kVersion) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      name_, " is a dump of version ", header_.version, "; this rcukv reads version ",
      DumpHeader::kVersion, ": use the rcukv that wrote it, or a newer one"));
}

absl::StatusOr<std::optional<DumpBlock>> DumpReader::Next() {
  absl::StatusOr<std::optional<DumpPiece>> piece = NextPiece();
  if (!piece.ok()) return piece.status();
  if (!piece->has_value()) {
    return DamagedHere("the file is cut short there: its end is missing");
  }
  if (std::holds_alternative<DumpEnd>(**piece)) {
    end_ = std::get<DumpEnd>(**piece);
    if (absl::Status status = CheckEnd(); !status.ok()) return status;
    return std::nullopt;
  }
  if (!std::holds_alternative<DumpBlock>(**piece)) {
    return DamagedHere("a second header");
  }
  DumpBlock block = std::get<DumpBlock>(**std::move(piece));
  if (absl::Status status = CheckBlock(block); !status.ok()) return status;
  return block;
}

absl::Status DumpReader::CheckBlock(const DumpBlock& block) {
  const auto begin = header_.tables.begin();
  const auto table = std::find(begin + static_cast<ptrdiff_t>(table_),
                               header_.tables.end(), block.table);
  if (table == header_.tables.end()) {
    return DamagedHere("the block is of a table that is not next in the header");
  }
  table_ = static_cast<size_t>(table - begin);
  entries_ += block.entries.size();
  for (const Entry& entry : block.entries) {
    if (entry.key.empty()) return DamagedHere("an entry has no key");
  }
  return absl::OkStatus();
}

absl::Status DumpReader::CheckEnd() {
  if (end_->file_checksum != decoder_->checksum_before()) {
    return DamagedHere(
        "the checksum of the whole file is wrong: a block is missing, or not in its "
        "place");
  }
  if (end_->entries != entries_) {
    return DamagedHere(absl::StrCat("the end says ", end_->entries,
                                    " entries, but there are ", entries_));
  }
  // Where something cannot be read, there is something.
  const absl::StatusOr<std::optional<DumpPiece>> more = decoder_->Next();
  if (more.ok() ? !more->has_value() : !absl::IsDataLoss(more.status())) {
    return more.status();
  }
  return DamagedHere("there is something behind the end");
}

absl::StatusOr<std::optional<DumpPiece>> DumpReader::NextPiece() {
  absl::StatusOr<std::optional<DumpPiece>> piece = decoder_->Next();
  if (!absl::IsDataLoss(piece.status())) return piece;
  return DamagedHere(std::string(piece.status().message()));
}

absl::Status DumpReader::DamagedHere(const std::string& what) const {
  return absl::DataLossError(
      absl::StrCat(name_, " is damaged at ", decoder_->place(), ": ", what));
}

}  // namespace rcukv::cli
